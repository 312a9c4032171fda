import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LiveWorkerError } from '../../errors.ts';
import { listNames } from '../../files/list-names.ts';
import { reportName } from '../../report/html/write-report.ts';

/**
 * The folder of a run: by its name, by its path, by that of its report, or the newest one.
 *
 * @param bases `.live-worker` of each project
 * @throws REPORT_IMPOSSIBLE
 */
export function findRunFolder(asked: string | undefined, cwd: string, bases: readonly string[]): string {
  const candidates =
    asked === undefined ? bases.map(base => join(base, 'latest')) : placesOf(asked, cwd, bases);
  const found = candidates.filter(isRun).map(path => realpathSync(path));
  const [newest] = found.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (newest !== undefined) return newest;
  const runs = bases.flatMap(base =>
    listNames(base).filter(name => name !== 'latest' && isRun(join(base, name))),
  );
  const there = runs.length === 0 ? 'there is no run yet: run Jest first' : `there are ${runs.join(', ')}`;
  const what = asked === undefined ? 'the newest run' : `"${asked}"`;
  throw new LiveWorkerError(
    'REPORT_IMPOSSIBLE',
    `Cannot report ${what}: it is not in ${bases.join(', ')}\nOf these projects ${there}`,
    {
      details: { asked: asked ?? null, folders: bases, runs },
    },
  );
}

function placesOf(asked: string, cwd: string, bases: readonly string[]): readonly string[] {
  const path = resolve(cwd, asked);
  return [...bases.map(base => join(base, asked)), basename(path) === reportName ? dirname(path) : path];
}

function isRun(path: string): boolean {
  return existsSync(join(path, 'run.ndjson'));
}
