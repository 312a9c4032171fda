import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a program of ours needs on its command line to find packages under Yarn's PnP.
 *
 * @param hasModules it imports ES modules: then it gets the loader for these too, where Yarn has written one
 */
export function packageLoader({ hasModules = false } = {}): readonly string[] {
  if (process.versions.pnp === undefined) return [];
  const api = require.resolve('pnpapi');
  const loader = join(dirname(api), '.pnp.loader.mjs');
  const isWanted = hasModules && existsSync(loader);
  return ['--require', api, ...(isWanted ? ['--experimental-loader', pathToFileURL(loader).href] : [])];
}
