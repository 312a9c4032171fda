import type { LiveWorkersSpec, WorkerSpec } from '../options/options.ts';

/** Who launches a worker: this process, or the supervisor, for all files of the run or for one file at a time. */
export type WorkerHolder = 'here' | 'run' | 'file';

/** @param all those of the test file */
export function holderOf(
  { scope, attach }: Pick<WorkerSpec, 'scope' | 'attach'>,
  { isolate, workers }: Pick<LiveWorkersSpec, 'isolate' | 'workers'>,
): WorkerHolder {
  if (attach) return 'here';
  if (!isolate) return scope === 'run' ? 'run' : 'here';
  // What a tap has seen is asked for here.
  return scope === 'file' && workers.some(({ tap }) => tap) ? 'here' : 'file';
}
