import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import which from 'which';

export interface RabbitmqBinaries {
  readonly server: string;
  readonly epmd: string;
}

/** Debian's /usr/sbin/rabbitmq-server insists on its own user and folders; the script under it does not. */
const packagedServer = '/usr/lib/rabbitmq/bin/rabbitmq-server';

export function rabbitmqBinaries(): RabbitmqBinaries | undefined {
  const server = existsSync(packagedServer) ? packagedServer : inPath('rabbitmq-server');
  const epmd = inPath('epmd') ?? besideErlang();
  return server && epmd ? { server, epmd } : undefined;
}

function inPath(executable: string): string | undefined {
  return which.sync(executable, { nothrow: true }) ?? undefined;
}

function besideErlang(): string | undefined {
  const erlang = inPath('erl');
  if (!erlang) return undefined;
  const root = dirname(dirname(realpathSync(erlang)));
  const runtimes = readdirSync(root).filter(name => name.startsWith('erts-'));
  return runtimes.map(name => join(root, name, 'bin', 'epmd')).find(path => existsSync(path));
}
