import { LiveWorkerError } from '../errors.ts';

/**
 * execa is an ES module and takes 90 ms to load: it is fetched once, and early, in a process that will spawn.
 *
 * @throws SPAWN_FAILED where Yarn's PnP runs without its loader for ES modules.
 */
export function loadExeca(): Promise<typeof import('execa', { with: { 'resolution-mode': 'import' }})> {
  loading ??= import('execa').catch(error => {
    throw process.versions.pnp === undefined ? error : withoutLoader(error);
  });
  return loading;
}

let loading: ReturnType<typeof loadExeca> | undefined;

/** Begins to load it; the spawn reports what is wrong with it, but for what would be wrong with every other package too. */
export async function fetchExeca(): Promise<void> {
  const fetching = loadExeca();
  if (process.versions.pnp === undefined) fetching.catch(() => {});
  else await fetching;
}

function withoutLoader(cause: unknown): LiveWorkerError {
  return new LiveWorkerError(
    'SPAWN_FAILED',
    "Cannot start workers: Yarn's PnP runs here without its loader for ES modules, and finds no package that is imported\nRemove pnpEnableEsmLoader: false from .yarnrc.yml and run yarn install, or run Jest by yarn, which sets NODE_OPTIONS",
    { cause },
  );
}
