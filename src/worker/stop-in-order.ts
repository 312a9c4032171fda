import type { SessionWorker } from './session-worker.ts';

/** Stops the workers, each after those that came up after it. Every one is stopped, of the same name too; resolves with what went wrong. */
export async function stopInOrder(
  workers: readonly SessionWorker[],
  stop: (worker: SessionWorker) => Promise<void>,
): Promise<unknown[]> {
  const stopping = new Map<SessionWorker, Promise<void>>();
  const stopAfterDependents = async (worker: SessionWorker) => {
    const dependents = workers.filter(({ spec }) => spec.after.includes(worker.spec.name));
    await Promise.allSettled(dependents.map(stopOnce));
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
