import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type FileIdentity, identifyFile } from '../files/file-identity.ts';
import { listNames } from '../files/list-names.ts';
import { isOfOurNamespace, readProcessTable } from '../process/table/process-table.ts';
import { limitMarkOf, readLimitMark } from '../process/tree/limit-mark.ts';
import type { WorkerMark } from '../process/tree/worker-tree.ts';
import { type LivingLaunch, listLivingLaunches } from './list-living-launches.ts';

const launchFile = /^(.+)\.launch\.ndjson$/;

/** A launch that is alive although its run is over. */
export interface Leftover {
  readonly worker: string;
  readonly mark: WorkerMark;
}

interface RecordedLeftover extends Leftover {
  /** Of the test file. */
  readonly folder: string;
}

/**
 * A record alone says nothing: it may have been planted. What it names is left over when its owner is gone, and when it does
 * not write into another folder. Most often there is no such launch, and then no record is read.
 */
export function findLeftovers(runFolders: readonly string[]): readonly Leftover[] {
  const living = listLivingLaunches() ?? [];
  const orphans = new Map(living.filter(({ owner }) => !owner.isAlive).map(launch => [launch.id, launch]));
  const hidden = hiddenMarks(living);
  if (orphans.size === 0 && hidden.size === 0) return [];
  return runFolders.flatMap(listLaunches).filter(({ mark, folder }) => {
    const orphan = orphans.get(mark.id);
    return orphan ? isLogIn(orphan, folder) : hidden.has(limitMarkOf(mark.id)) && isOwnerGone(mark.id);
  });
}

/** The numbers of launches whose processes cannot be looked into. */
function hiddenMarks(living: readonly LivingLaunch[]): ReadonlySet<number> {
  const known = new Set(living.map(({ id }) => limitMarkOf(id)));
  const marks = (readProcessTable() ?? [])
    .filter(({ pid, state }) => pid !== process.pid && state !== 'Z' && isOfOurNamespace(pid))
    .map(({ pid }) => readLimitMark(pid));
  return new Set(marks.filter(mark => mark !== undefined && !known.has(mark)) as number[]);
}

function isLogIn({ logPaths }: LivingLaunch, folder: string): boolean {
  return logPaths.every(path => dirname(path) === folder);
}

function isOwnerGone(id: string): boolean {
  const owner = Number(id.split('.').at(-2));
  return !(readProcessTable() ?? []).some(({ pid }) => pid === owner);
}

function listLaunches(runFolder: string): readonly RecordedLeftover[] {
  return listNames(runFolder).flatMap(testFile => {
    const folder = join(runFolder, testFile);
    return listNames(folder).flatMap(name => {
      const worker = launchFile.exec(name)?.[1];
      const id = worker && readId(join(folder, name));
      if (!worker || !id) return [];
      const logPaths = ['stdout', 'stderr'].map(stream => join(folder, `${worker}.${stream}.log`));
      const mark = { id, leader: undefined, logPaths, logFiles: logPaths.flatMap(identifyOwnFile) };
      return [{ worker, folder: realpathSync(folder), mark }];
    });
  });
}

/** A link may lead to a file of another user. */
function identifyOwnFile(path: string): readonly FileIdentity[] {
  const found = lstatSync(path, { throwIfNoEntry: false });
  return found?.isFile() && found.nlink === 1 ? [identifyFile(found)] : [];
}

/** A Jest that was killed may have left half a file. */
function readId(path: string): string | undefined {
  try {
    const { id } = JSON.parse(readFileSync(path, 'utf8')) as { readonly id?: unknown };
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
