import type { RunModel } from '../model.ts';
import { describeSaving } from './describe-run.ts';
import { countOf, describeMs } from './describe-time.ts';
import { summarize } from './summarize.ts';

/** Shorter waits are nobody's concern. */
const leastWaitMs = 1_000;

export interface ClosingOptions {
  /** As it is shown. */
  readonly reportPath: string;
  /** The user wants to read of failures alone. */
  readonly isQuiet: boolean;
}

/** What the terminal is told at the end of a run, in at most three lines; none where there is nothing to say. */
export function closingLines(model: RunModel, { reportPath, isQuiet }: ClosingOptions): readonly string[] {
  const summary = summarize(model);
  const { workersStarted, waitedMs, failedFiles } = summary;
  const hasFailed = failedFiles.length > 0;
  const report = `report: ${reportPath}`;
  if (isQuiet) return hasFailed ? [report] : [];
  const saving = describeSaving(summary);
  if (!hasFailed && waitedMs < leastWaitMs && saving === undefined) return [];
  const waits = `${countOf(workersStarted, 'worker')} started, test files waited ${describeMs(waitedMs)} for workers`;
  return [waits, ...(saving === undefined ? [] : [saving]), report];
}
