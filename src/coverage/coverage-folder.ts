import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startScript } from './python/start-script.ts';

/** What a worker wrote of its own coverage. */
export interface CoverageFolder {
  /** Where Node writes a file for each take, and one when it exits. */
  readonly node: string;
  /** Where Python writes which interpreter it is, and with coverage.py a file when it exits. */
  readonly python: string;
  /** In front of PYTHONPATH. */
  readonly start: string;
}

/** Stands behind the name of the worker. */
export const coverageSuffix = '.coverage';

/** @param path `<folder of the records>/<worker>.coverage` */
export function coverageFolder(path: string): CoverageFolder {
  return { node: join(path, 'node'), python: join(path, 'python'), start: join(path, 'start') };
}

/** Makes it, where it is not there. */
export function openCoverageFolder(path: string): CoverageFolder {
  const folder = coverageFolder(path);
  for (const one of Object.values(folder)) mkdirSync(one, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder.start, 'sitecustomize.py'), startScript, { mode: 0o600 });
  return folder;
}
