import type { RunModel, TestModel } from '../model.ts';
import { countOf, describeMs } from './describe-time.ts';
import type { RunSummary } from './summarize.ts';

/** The run in one line: what a reader wants to know first. */
export function describeOutcome({ tests, failedFiles }: RunSummary): string {
  const failed = tests.failed + tests['cut off'];
  const all = failed + tests.passed;
  const files = failedFiles.filter(file => !file.tests.some(isFailed)).length;
  const whole = files > 0 ? `${countOf(files, 'test file')} failed as a whole` : '';
  if (failed > 0)
    return [`${failed} of ${countOf(all, 'test')} failed`, ...(whole ? [whole] : [])].join(', ');
  if (files > 0) return whole;
  return all === 0 ? 'No test ran' : `${all === 1 ? 'The test' : `All ${all} tests`} passed`;
}

function isFailed({ outcome }: TestModel): boolean {
  return outcome === 'failed' || outcome === 'cut off';
}

/** How long was waited for workers, and for which most. */
export function describeWaits({ workersStarted, waitedMs, waits }: RunSummary, { files }: RunModel): string {
  if (waits.length === 0) return 'No test file had a worker.';
  const waiting = files.filter(file => file.waitedMs > 0).length;
  const [first] = waits.filter(({ totalMs }) => totalMs > 0);
  const most = first
    ? `; "${first.worker}" took ${describeMs(first.totalMs)} of boot in ${countOf(first.starts, 'start')}, the longest ${describeMs(first.longestMs)}`
    : '';
  return `${countOf(workersStarted, 'worker')} started; ${countOf(waiting, 'test file')} waited ${describeMs(waitedMs)} for workers${most}.`;
}

/** What would shorten the run most; undefined where there is nothing to say. */
export function describeSaving({ saving }: RunSummary): string | undefined {
  if (!saving) return undefined;
  const { worker, starts, savedMs } = saving;
  return `worker "${worker}" was started ${starts} times: scope: 'run' starts it once and would save about ${describeMs(savedMs)} of boot`;
}
