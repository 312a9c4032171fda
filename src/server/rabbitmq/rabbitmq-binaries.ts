import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { listNames } from '../../files/list-names.ts';
import { type Environment, findProgram } from '../finding/find-program.ts';

export interface RabbitmqBinaries {
  /** The folder of rabbitmq-server, rabbitmqctl and the like. */
  readonly folder: string;
  readonly epmd: string;
  /** The plugin that makes vhosts in milliseconds. */
  readonly hasManagement: boolean;
}

const server = 'rabbitmq-server';
/** Debian's /usr/sbin/rabbitmq-server insists on its own user and folders; the script under it does not. */
const packagedFolder = '/usr/lib/rabbitmq/bin';
const cellars = ['/opt/homebrew/opt/rabbitmq/sbin', '/usr/local/opt/rabbitmq/sbin'];

export function rabbitmqBinaries(env: Environment): RabbitmqBinaries | undefined {
  const found = findProgram(server, env);
  const folders = [packagedFolder, ...(found ? [dirname(realpathSync(found))] : []), ...cellars];
  const folder = folders.find(candidate => existsSync(join(candidate, server)));
  const epmd = findProgram('epmd', env) ?? besideErlang(env);
  return folder && epmd ? { folder, epmd, hasManagement: hasManagement(folder) } : undefined;
}

function besideErlang(env: Environment): string | undefined {
  const erlang = findProgram('erl', env);
  if (!erlang) return undefined;
  const root = dirname(dirname(realpathSync(erlang)));
  return listNames(root)
    .filter(name => name.startsWith('erts-'))
    .map(name => join(root, name, 'bin', 'epmd'))
    .find(path => existsSync(path));
}

/** Beside the scripts as its own archive has it, or as Debian has it. */
function hasManagement(folder: string): boolean {
  const real = realpathSync(folder);
  const homes = [dirname(real), ...libraries(join(dirname(real), 'lib'))];
  return homes.some(home =>
    listNames(join(home, 'plugins')).some(name => name.startsWith('rabbitmq_management-')),
  );
}

function libraries(folder: string): readonly string[] {
  return listNames(folder)
    .filter(name => name.startsWith('rabbitmq_server-'))
    .map(name => join(folder, name));
}
