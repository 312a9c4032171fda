import { isLiveWorkerError } from '../errors.ts';
import { describeForcedStop } from '../worker/runner/forced-stop.ts';
import type { SessionWorker } from '../worker/session-worker.ts';

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
