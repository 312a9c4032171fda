import { LiveWorkerError } from '../errors.ts';
import { type QueueBaseline, takeBaseline } from '../probe/rabbitmq/take-baseline.ts';
import type { ProbeSpecOf } from '../spec/probe-options.ts';
import type { Timeline } from '../timeline/timeline.ts';
import { type QueueLedger, queueKey } from './queue-ledger.ts';
import type { ServiceUse } from './service-uses.ts';
import type { Services } from './services.ts';

export interface QueueContext {
  readonly services: Services;
  readonly ledger: QueueLedger;
  readonly timeline: Timeline;
}

/**
 * Takes the baseline of every queue a worker will consume from, right before it is spawned, and enters in the ledger what
 * to expect of it.
 *
 * @throws STRANGERS_ON_QUEUE when somebody else consumes and the probe does not allow it.
 */
export async function settleQueues(uses: readonly ServiceUse[], context: QueueContext): Promise<void> {
  for (const use of uses) {
    if (use.kind !== 'rabbitmq') continue;
    for (const queue of use.probe.queues) await settleQueue(queue, use, context);
  }
}

async function settleQueue(
  queue: string,
  { url, worker, probe }: ServiceUse & { readonly kind: 'rabbitmq' },
  { services, ledger, timeline }: QueueContext,
): Promise<void> {
  const key = queueKey(url, queue);
  const baseline = await takeBaseline(services.broker(url), queue, ledger.oursOn(key, worker));
  timeline.record('queue.baseline', { worker, ...baseline });
  if (baseline.strangers > 0) judgeStrangers(worker, baseline, probe.strangers);
  ledger.noteStrangers(key, baseline.strangers);
  ledger.expect(key, worker, probe.consumers);
}

function judgeStrangers(
  worker: string,
  { queue, strangers }: QueueBaseline,
  policy: ProbeSpecOf<'rabbitmq'>['strangers'],
): void {
  const count = `${strangers} ${strangers === 1 ? 'consumer' : 'consumers'}`;
  const message = `queue "${queue}" already has ${count} that ${strangers === 1 ? 'is' : 'are'} not this worker's and would take its messages`;
  if (policy === 'warn') process.stderr.write(`live-worker: ${worker}: ${message}\n`);
  if (policy !== 'fail') return;
  throw new LiveWorkerError(
    'STRANGERS_ON_QUEUE',
    `Cannot start worker "${worker}": ${message}\nStop whoever it is, or set strangers: 'warn' or 'ignore' on the probe of this queue`,
    { details: { worker, queue, strangers } },
  );
}
