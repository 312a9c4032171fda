import which from 'which';
import { installAdvice } from './install-advice.ts';
import { afterInstalling } from './install-packages.ts';
import { type ServiceAttempt, type ServiceRecipe, unavailable } from './service.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

export const browserRecipe: ServiceRecipe = {
  name: 'Chromium',
  variable: 'LIVE_WORKER_TEST_BROWSER',
  sources: [
    { kind: 'found', provide: findBrowser },
    { kind: 'install', provide: afterInstalling(['chromium'], findBrowser) },
  ],
  advice: () =>
    installAdvice({
      apt: ['chromium'],
      dnf: ['chromium'],
      brew: ['chromium'],
      otherwise: 'install Chromium',
    }),
};

async function findBrowser(): Promise<ServiceAttempt> {
  const path = browserPath();
  if (path === undefined) return unavailable(`there is none of ${names.join(', ')} in PATH`);
  return { kind: 'provided', value: path, how: path, stop: async () => '' };
}

/** Of a browser the tests of the page can drive: the named one, or the first in PATH. */
export function browserPath(): string | undefined {
  const given = process.env.LIVE_WORKER_TEST_BROWSER;
  if (given) return given;
  return names.map(name => which.sync(name, { nothrow: true })).find(path => path !== null) ?? undefined;
}
