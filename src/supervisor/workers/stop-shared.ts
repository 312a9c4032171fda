import { setTimeout as sleep } from 'node:timers/promises';
import { stopInOrder } from '../../worker/stop-in-order.ts';
import type { StopOrder } from '../process/holdings.ts';
import type { SharedWorker } from './shared-worker.ts';

/** Resolves when nothing of these is alive, with what went wrong, the ends included that no test file was told. */
export async function stopShared(
  workers: readonly SharedWorker[],
  order: StopOrder = { kind: 'orderly' },
): Promise<readonly unknown[]> {
  const untold = workers.flatMap(worker => worker.takeUntoldDeath() ?? []);
  const of = new Map(workers.map(worker => [worker.worker, worker]));
  const problems = await stopInOrder([...of.keys()], {
    stop: async worker => {
      const own = of.get(worker) as SharedWorker;
      const stopped = own.stop();
      if (order.kind === 'soon') await Promise.race([stopped, sleep(order.graceMs).then(() => own.kill())]);
      await stopped;
    },
    waitsFor: (worker, other) => of.get(worker)?.waitsFor.has(other) === true,
  });
  return [...untold, ...problems];
}

/** Lets others have what these took turns on. Never throws: a broker that is gone holds nothing. */
export async function releaseTurns(workers: readonly SharedWorker[]): Promise<void> {
  await Promise.allSettled(workers.map(({ project, turns }) => project.services.releaseTurns(turns)));
}
