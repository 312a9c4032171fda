import { describeUnmet } from '../worker/prepare/probe-board.ts';
import type { SessionWorker } from '../worker/session-worker.ts';

/** One line for each worker that is not ready yet, with the last answer of every probe that is not satisfied. */
export function describeWaiting(workers: readonly SessionWorker[], seconds: number): string | undefined {
  const waits = workers.flatMap(({ spec, runner }) => {
    if (runner.state.kind !== 'probing') return [];
    const why = runner.whyNotReady?.() || describeUnmet(runner.board);
    const time = `${seconds} s of ${spec.startTimeoutMs / 1_000}`;
    return [`worker "${spec.name}" is not ready after ${time}${why ? `: ${why}` : ''}`];
  });
  return waits.length === 0 ? undefined : waits.join('\nlive-worker: ');
}
