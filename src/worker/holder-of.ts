import type { LiveWorkersSpec, WorkerSpec } from '../options/options.ts';

/** Who launches a worker: this process, or the supervisor, for all files of the run or for one file at a time. */
export type WorkerHolder = 'here' | 'run' | 'file';

/** @param file all workers of the test file */
export function holderOf(
  { scope, attach }: Pick<WorkerSpec, 'scope' | 'attach'>,
  { isolate, workers }: Pick<LiveWorkersSpec, 'isolate' | 'workers'>,
): WorkerHolder {
  if (attach) return 'here';
  if (scope === 'run') return isolate ? 'file' : 'run';
  // What a tap has seen, and what was measured, is asked for here.
  return isolate && workers.every(({ tap, coverage }) => !tap && !coverage) ? 'file' : 'here';
}
