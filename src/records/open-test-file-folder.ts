import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { listNames } from '../files/list-names.ts';
import { checkOwnFolder } from './check-own-folder.ts';
import { findLeftovers, type Leftover } from './find-leftovers.ts';
import { reportWatchdogKills } from './report-watchdog-kills.ts';
import { identifyRun, type RunIdentity, runName } from './run-identity.ts';
import { readRunState, writeRunRecord } from './run-record.ts';

const runsKept = 5;
const longestFolderName = 120;

/** Where the records of one test file go. */
export interface TestFileFolder {
  /** `<rootDir>/.live-worker` */
  readonly base: string;
  /** `<rootDir>/.live-worker/<run>/<test file>`, absolute, made by this call. */
  readonly path: string;
  /** Launches of runs that are over, which are not; asked once per run. */
  readonly leftovers: readonly Leftover[];
}

/**
 * Makes the folder of one test file in the folder of this run, points `latest` at the run and drops the oldest runs.
 *
 * @throws RECORDS_NOT_OURS
 */
export function openTestFileFolder(
  rootDir: string,
  testPath: string,
  run: RunIdentity = identifyRun(),
): TestFileFolder {
  const base = join(rootDir, '.live-worker');
  makeOwnFolder(base);
  const folder = join(base, runName(run));
  const leftovers = makeOwnFolder(folder) ? openRun(base, run) : [];
  return { base, path: makeUniqueFolder(folder, safeName(relative(rootDir, testPath))), leftovers };
}

/** False when it was there. @throws RECORDS_NOT_OURS */
function makeOwnFolder(path: string): boolean {
  const isNew = makeFolder(path);
  if (!isNew) checkOwnFolder(path);
  return isNew;
}

function openRun(base: string, identity: RunIdentity): readonly Leftover[] {
  for (const name of ['held', 'turns']) if (listNames(base).includes(name)) checkOwnFolder(join(base, name));
  const run = runName(identity);
  writeRunRecord(join(base, run), identity);
  ignoreInGit(base);
  pointLatestAt(base, run);
  const runsOver = listRuns(base, 'over');
  reportWatchdogKills(runsOver);
  const leftovers = findLeftovers(runsOver);
  dropOldRuns(base, run);
  return leftovers;
}

/** Never through a link that is there. */
function ignoreInGit(base: string): void {
  try {
    writeFileSync(join(base, '.gitignore'), '*\n', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** A name no path can be made of; what was cut or replaced may collide, which `makeUniqueFolder` sorts out. */
function safeName(testPath: string): string {
  const name = testPath
    .split(sep)
    .join('__')
    .replace(/[^\w.-]/g, '_')
    .slice(-longestFolderName)
    .replace(/^\.+/, '')
    // The watchdog's own records lie beside these folders.
    .replace(/^watchdog\./, 'watchdog_');
  return name || 'test';
}

/** The same file runs again in watch mode, or in several projects: each time has its own folder. */
function makeUniqueFolder(parent: string, name: string): string {
  for (let count = 1; ; count += 1) {
    const path = join(parent, count === 1 ? name : `${name}.${count}`);
    if (makeFolder(path)) return path;
  }
}

/** False when it was there. */
function makeFolder(path: string): boolean {
  mkdirSync(join(path, '..'), { recursive: true, mode: 0o700 });
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A rename replaces the link in one step; where links are not allowed there is no `latest`. */
function pointLatestAt(base: string, run: string): void {
  const link = join(base, `latest.${process.pid}`);
  try {
    symlinkSync(run, link, 'junction');
    renameSync(link, join(base, 'latest'));
  } catch {
    rmSync(link, { force: true });
  }
}

function dropOldRuns(base: string, current: string): void {
  const runs = listRuns(base, 'over', 'alive')
    .filter(path => path !== join(base, current))
    .map(path => ({ path, changedMs: changedMs(path) }))
    .sort((one, other) => other.changedMs - one.changedMs);
  for (const { path } of runs.slice(runsKept - 1)) {
    if (readRunState(path) === 'over') rmSync(path, { recursive: true, force: true });
  }
}

function listRuns(base: string, ...wanted: readonly ReturnType<typeof readRunState>[]): readonly string[] {
  return listNames(base)
    .map(name => join(base, name))
    .filter(path => wanted.includes(readRunState(path)));
}

function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
