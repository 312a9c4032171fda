import { setTimeout as sleep } from 'node:timers/promises';
import { LiveWorkerError } from '../../errors.ts';
import type { Services } from '../../service/services.ts';
import type { Tap } from '../../tap/open-tap.ts';
import { describeUpstream } from '../../tap/proxy/upstream.ts';
import type { SessionWorker } from '../session-worker.ts';
import { type ConsumedQueues, consumedQueues } from './consumed-queues.ts';

/** How long services may take to let go of a worker that is dead; milliseconds. */
const limitMs = 5_000;
/** A worker that is not ready yet gets as long as this, so that its start is not told to have failed; milliseconds. */
const startLimitMs = 1_000;
const pollMs = 5;

export interface CrashedWorker {
  readonly worker: SessionWorker;
  readonly tap: Tap;
  readonly services: Services;
}

/**
 * A worker has come to its point, and nothing of it passes any more: kills it, and resolves when its services have let go of it:
 * its messages are back on their queues, its transactions rolled back.
 *
 * @throws STOP_FAILED; WAIT_TIMEOUT when a service does not
 */
export async function endCrashed({ worker, tap, services }: CrashedWorker): Promise<void> {
  await untilStarted(worker);
  const held = await consumedQueues({ worker, tap, services });
  await worker.runner.kill();
  const left = await tap.hold.ask({ kind: 'end-all', limitMs });
  if (left.length > 0) throw notLetGo(worker, left);
  await untilConsumersGone(held, { worker, services });
}

async function untilStarted({ runner }: SessionWorker): Promise<void> {
  const until = performance.now() + startLimitMs;
  while (runner.state.kind === 'probing' && performance.now() < until) await sleep(pollMs);
}

/** A broker counts a consumer until it has requeued what that had. */
async function untilConsumersGone(
  held: readonly ConsumedQueues[],
  { worker, services }: Pick<CrashedWorker, 'worker' | 'services'>,
): Promise<void> {
  const plan = worker.prepared?.plan;
  if (!plan) return;
  const until = performance.now() + limitMs;
  for (const { url, others } of held) {
    for (;;) {
      const counts = await services.countQueues(url, plan, [...others.keys()]).catch(() => undefined);
      const isGone = [...others].every(
        ([queue, consumers]) => (counts?.queues.get(queue)?.consumers ?? 0) <= consumers,
      );
      if (isGone || performance.now() > until) break;
      await sleep(pollMs);
    }
  }
}

function notLetGo({ spec, prepared }: SessionWorker, left: readonly string[]): LiveWorkerError {
  const places = (prepared?.tap?.legs ?? [])
    .filter(({ key }) => left.includes(key))
    .map(({ protocol, address }) =>
      protocol === 'postgres'
        ? `Postgres at ${describeUpstream(address)}, where a statement of it may still run`
        : `RabbitMQ at ${describeUpstream(address)}`,
    );
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    `Worker "${spec.name}" crashed, and ${places.join(' and ')} has not let go of it within ${limitMs} ms`,
    { details: { worker: spec.name } },
  );
}
