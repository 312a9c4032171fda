import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../launch/list-names.ts';
import { initialVariable, isOfOurNamespace, readProcessTable } from '../process/process-table.ts';
import type { WorkerMark } from '../process/worker-tree.ts';

const launchFile = /^(.+)\.launch\.json$/;

/** A launch that is alive although its run is over. */
export interface Leftover {
  readonly worker: string;
  readonly mark: WorkerMark;
}

/** Most often nobody carries a cookie, and then no file is read. */
export function findLeftovers(runFolders: readonly string[]): readonly Leftover[] {
  const ids = livingIds();
  if (ids.size === 0) return [];
  return runFolders.flatMap(listLaunches).filter(({ mark }) => ids.has(mark.id));
}

function livingIds(): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { pid } of readProcessTable() ?? []) {
    const id = initialVariable(pid, 'LIVE_WORKER_ID');
    if (id && isOfOurNamespace(pid)) ids.add(id);
  }
  return ids;
}

function listLaunches(runFolder: string): readonly Leftover[] {
  return listNames(runFolder).flatMap(testFile => {
    const folder = join(runFolder, testFile);
    return listNames(folder).flatMap(name => {
      const worker = launchFile.exec(name)?.[1];
      const id = worker && readId(join(folder, name));
      if (!worker || !id) return [];
      const logPaths = ['stdout', 'stderr'].map(stream => join(folder, `${worker}.${stream}.log`));
      return [{ worker, mark: { id, leader: undefined, logPaths } }];
    });
  });
}

/** Whoever was killed may have left half a file. */
function readId(path: string): string | undefined {
  try {
    const { id } = JSON.parse(readFileSync(path, 'utf8')) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
