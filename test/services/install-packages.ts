import { existsSync } from 'node:fs';
import which from 'which';
import { lastLines } from './last-lines.ts';
import { runToEnd } from './run-to-end.ts';
import { say } from './say.ts';
import { type ServiceSource, unavailable } from './service.ts';
import { withoutStartingServices } from './service-policy.ts';

const options = { environment: { DEBIAN_FRONTEND: 'noninteractive' } };
const waitForLock = ['-o', 'DPkg::Lock::Timeout=300'];

let previousInstall: Promise<unknown> = Promise.resolve();
let indexUpdate: Promise<unknown> | undefined;

/** The same source again, once its packages are there. */
export function afterInstalling(
  packages: readonly string[],
  provide: ServiceSource['provide'],
): ServiceSource['provide'] {
  return async interruption => {
    const obstacle = whyNotHere() ?? (await installInTurn(packages, interruption));
    return obstacle === undefined ? provide(interruption) : unavailable(obstacle);
  };
}

function whyNotHere(): string | undefined {
  if (!existsSync('/etc/debian_version') || !which.sync('apt-get', { nothrow: true })) {
    return 'packages are installed on Debian and Ubuntu only';
  }
  return process.getuid?.() === 0 ? undefined : 'apt-get needs root';
}

function installInTurn(packages: readonly string[], interruption: AbortSignal): Promise<string | undefined> {
  const install = previousInstall.then(() => {
    interruption.throwIfAborted();
    return installPackages(packages);
  });
  previousInstall = install.catch(() => undefined);
  return install;
}

async function installPackages(packages: readonly string[]): Promise<string | undefined> {
  say(`installing ${packages.join(' ')} with apt-get`);
  indexUpdate ??= runToEnd('apt-get', [...waitForLock, 'update'], options);
  await indexUpdate;
  const words = [...waitForLock, 'install', '-y', '--no-install-recommends', ...packages];
  const { succeeded, output } = await withoutStartingServices(() => runToEnd('apt-get', words, options));
  return succeeded ? undefined : `apt-get ${words.join(' ')} failed:\n${lastLines(output, 8)}`;
}
