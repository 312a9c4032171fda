import type { Services } from '../../service/services.ts';
import { machineMs } from '../../tap/flow/machine-clock.ts';
import type { SettleWatch } from '../../tap/settled/settle-watch.ts';
import type { Blind } from '../../tap/settled/unsettled.ts';
import { addressOf, type TappedWorker } from './tapped-workers.ts';

/** A worker that does not answer by then is busy, or does not listen. */
const mostMs = 2_000;

/** By launch, which tasks it acknowledges when they are done. */
const told = new WeakMap<object, Promise<ReadonlyMap<string, boolean> | undefined>>();

/** The tasks of Celery a worker was sent that it acknowledges before they are done, or of which it does not tell. */
export async function findEarlyTasks(
  tapped: TappedWorker,
  watch: SettleWatch,
  { services, deadlineMs }: { readonly services: Services; readonly deadlineMs: number },
): Promise<readonly Blind[]> {
  const { worker } = tapped;
  if (watch.tasks.length === 0) return [];
  const launch = worker.runner.running ?? worker;
  const asked = told.get(launch) ?? ask(tapped, watch, { services, deadlineMs });
  told.set(launch, asked);
  const late = await asked;
  if (!late) told.delete(launch);
  return watch.tasks.flatMap(({ task, queue }) =>
    late?.get(task) === true
      ? []
      : [
          {
            kind: 'early-ack' as const,
            worker: worker.spec.name,
            queue,
            task,
            isKnown: late?.has(task) ?? false,
          },
        ],
  );
}

async function ask(
  tapped: TappedWorker,
  watch: SettleWatch,
  { services, deadlineMs }: { readonly services: Services; readonly deadlineMs: number },
): Promise<ReadonlyMap<string, boolean> | undefined> {
  const [control] = watch.controlQueues();
  const address = control && addressOf(tapped, control);
  if (!address) return undefined;
  const limitMs = Math.max(0, Math.min(mostMs, deadlineMs - machineMs()));
  return services.askLateTasks('amqp', address, limitMs);
}
