import type { RestartLimit } from '../../options/options.ts';

/** What an exit means that was not asked for, after the worker was ready. */
export interface ExitPolicy {
  readonly onExit: 'fail' | 'restart' | 'ignore';
  readonly restartLimit: RestartLimit;
}

/** The restarts that still count at `nowMs`. */
export function recentRestarts(
  restartsAtMs: readonly number[],
  nowMs: number,
  { withinMs }: RestartLimit,
): readonly number[] {
  return restartsAtMs.filter(atMs => nowMs - atMs < withinMs);
}
