import { isLiveWorkerError } from '../errors.ts';
import type { SessionWorker } from './session-worker.ts';

/** A stop that was not obeyed in time, so that SIGKILL ended it. */
export interface ForcedStop {
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

export function describeForcedStop({ signal, graceMs }: ForcedStop): string {
  return `it took SIGKILL, for it did not end within ${graceMs / 1_000} s of ${signal} (stop.graceMs)`;
}

/** Writes below a failure how the workers ended that had to be stopped because of it. */
export function noteForcedStops(error: unknown, workers: Iterable<SessionWorker>): void {
  if (!isLiveWorkerError(error)) return;
  const lines = [...workers].flatMap(({ spec, forcedMeanwhile }) =>
    forcedMeanwhile
      .slice(-1)
      .map(forced => `\nstopped: worker "${spec.name}": ${describeForcedStop(forced)}`),
  );
  error.message += lines.join('');
}
