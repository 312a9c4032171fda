import { existsSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { LiveWorkerError } from '../../errors.ts';
import { listNames } from '../../files/list-names.ts';
import { reportName, writeReport } from '../../report/html/write-report.ts';
import { mergeRuns } from '../../report/merge/merge-runs.ts';
import { readReport } from '../../report/merge/read-report.ts';
import { describeOutcome } from '../../report/summary/describe-run.ts';
import { summarize } from '../../report/summary/summarize.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';

export interface MergeOptions {
  /** The page to write. */
  readonly output: string;
}

/** Joins the reports of several shards into one page. @throws REPORT_IMPOSSIBLE */
export function mergeReports(
  folders: readonly string[],
  { output }: MergeOptions,
  { cwd }: CommandContext,
): CommandResult {
  const found = folders.map(folder => ({
    name: basename(resolve(cwd, folder)),
    path: findReport(folder, cwd),
  }));
  const model = mergeRuns(found.map(({ name, path }) => ({ name, model: readReport(path) })));
  const path = write(() => writeReport(model, resolve(cwd, output)), output);
  return {
    document: { report: path, merged: found.map(one => one.path) },
    text: `${path}\n${describeOutcome(summarize(model))}`,
  };
}

/** The report itself, or the newest one in what was kept of a shard, whose links were lost on the way. */
function findReport(folder: string, cwd: string): string {
  const path = resolve(cwd, folder);
  if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  const bases = [path, join(path, '.live-worker')];
  const direct = bases
    .flatMap(base => [join(base, reportName), join(base, 'latest', reportName)])
    .find(existsSync);
  if (direct !== undefined) return direct;
  const runs = bases
    .flatMap(base => listNames(base).map(name => join(base, name, reportName)))
    .filter(existsSync);
  const [newest] = runs.sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  if (newest !== undefined) return newest;
  throw new LiveWorkerError(
    'REPORT_IMPOSSIBLE',
    `Cannot merge "${folder}": there is no ${reportName} in it, nor in .live-worker below it\nJest's reporter jest-environment-live-worker/reporter writes it, and npx live-worker report`,
    { details: { folder: path } },
  );
}

function write<T>(work: () => T, output: string): T {
  try {
    return work();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new LiveWorkerError(
      'REPORT_IMPOSSIBLE',
      `Cannot write "${output}": ${code}\nName a file in a folder that is there, with -o`,
      {
        details: { output, systemCode: code },
        cause: error,
      },
    );
  }
}
