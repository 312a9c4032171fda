import type { SessionWorker } from '../worker/session-worker.ts';

/** One line for each worker that is not ready yet, with the last answer of every probe that is not satisfied. */
export function describeWaiting(workers: readonly SessionWorker[], seconds: number): string | undefined {
  const waits = workers.flatMap(({ spec, runner }) => {
    if (runner.state.kind !== 'probing') return [];
    const unmet = runner.board.entries().flatMap(({ probe, answer }) => {
      if (answer?.kind === 'ready') return [];
      return [answer?.why ?? probe];
    });
    return [
      `worker "${spec.name}" is not ready after ${seconds} s of ${spec.startTimeoutMs / 1_000}: ${unmet.join('; ')}`,
    ];
  });
  return waits.length === 0 ? undefined : waits.join('\nlive-worker: ');
}
