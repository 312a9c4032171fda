import { reportPathIn, writeReport } from './html/write-report.ts';
import type { RunModel } from './model.ts';
import { type ReadRunOptions, readRun } from './read/read-run.ts';

export interface WrittenReport {
  /** Absolute. */
  readonly path: string;
  readonly model: RunModel;
}

/** Reads a run and writes its report into its folder; undefined where no test file of it had a worker. */
export function writeRunReport(runFolder: string, options: ReadRunOptions): WrittenReport | undefined {
  const model = readRun(runFolder, options);
  if (model.workers.length === 0) return undefined;
  return { model, path: writeReport(model, reportPathIn(runFolder)) };
}
