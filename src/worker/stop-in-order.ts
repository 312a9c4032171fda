import type { SessionWorker } from './session-worker.ts';

export interface StopOptions {
  readonly stop: (worker: SessionWorker) => Promise<void>;
  /** Default: by the names in `after`, which are those of one test file. */
  readonly waitsFor?: (worker: SessionWorker, other: SessionWorker) => boolean;
}

/** Stops the workers, each after those that came up after it. Every one is stopped; resolves with what went wrong. */
export async function stopInOrder(
  workers: readonly SessionWorker[],
  { stop, waitsFor = namesInAfter }: StopOptions,
): Promise<unknown[]> {
  const stopping = new Map<SessionWorker, Promise<void>>();
  const stopAfterDependents = async (worker: SessionWorker) => {
    await Promise.allSettled(workers.filter(other => waitsFor(other, worker)).map(stopOnce));
    await stop(worker);
  };
  const stopOnce = (worker: SessionWorker): Promise<void> => {
    const known = stopping.get(worker);
    if (known) return known;
    const stopped = stopAfterDependents(worker);
    stopping.set(worker, stopped);
    return stopped;
  };
  const outcomes = await Promise.allSettled([...workers].reverse().map(stopOnce));
  return outcomes.flatMap(outcome => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

function namesInAfter({ spec }: SessionWorker, other: SessionWorker): boolean {
  return spec.after.includes(other.spec.name);
}
