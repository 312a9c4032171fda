import { isLiveWorkerError } from '../../errors.ts';
import { notice } from '../../text/notice.ts';
import { explainServiceFailure } from '../explain-service-failure.ts';
import { queueKey } from '../queue-ledger.ts';
import type { BrokerUse, ServiceUse } from '../service-uses.ts';
import type { Services } from '../services.ts';
import type { BrokerConnection } from './broker-connection.ts';
import { describeStrangers, explainStrangers } from './explain-strangers.ts';
import { findStrangers } from './find-strangers.ts';
import { judgeBrokerError } from './judge-broker-error.ts';
import type { QueueContext } from './queue-context.ts';
import { settleMessages } from './settle-messages.ts';
import { type QueueBaseline, takeBaseline } from './take-baseline.ts';

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

/** Enters in the ledger who consumes for the workers this file attached to: they were there before it, and are no strangers. */
export async function countAttached(
  uses: readonly ServiceUse[],
  { services, ledger, timeline }: Pick<QueueContext, 'services' | 'ledger' | 'timeline'>,
): Promise<void> {
  for (const use of uses) {
    if (use.kind !== 'rabbitmq') continue;
    for (const queue of use.probe.queues) {
      const key = queueKey(use.url, queue);
      const answer = await explained(use, services, broker => broker.checkQueue(queue));
      const theirs = answer.kind === 'counted' ? answer.consumers - ledger.oursOn(key, use.worker) : 0;
      timeline.record('queue.attached', { worker: use.worker, queue, consumers: theirs });
      ledger.expect(key, use.worker, Math.max(theirs, use.probe.consumers));
    }
  }
}

async function settleQueue(queue: string, use: BrokerUse, context: QueueContext): Promise<void> {
  const { url, worker, probe } = use;
  const { services, ledger, timeline } = context;
  const key = queueKey(url, queue);
  const ours = ledger.oursOn(key, worker);
  const baseline = await explained(use, services, broker => takeBaseline(broker, queue, ours));
  timeline.record('queue.baseline', { worker, ...baseline });
  if (baseline.strangers > 0) judgeStrangers(use, baseline, context);
  if (baseline.messages > 0 && ours === 0 && context.isFirstStart)
    await settleMessages(use, baseline, context);
  ledger.noteStrangers(key, baseline.strangers);
  ledger.expect(key, worker, probe.consumers);
}

/** @throws SERVICE_UNAVAILABLE where the broker fails only now */
async function explained<T>(
  { url, worker, kind, source }: BrokerUse,
  services: Services,
  work: (broker: BrokerConnection) => Promise<T>,
): Promise<T> {
  const broker = services.broker(url);
  try {
    return await work(broker);
  } catch (error) {
    if (isLiveWorkerError(error)) throw error;
    const { why } = judgeBrokerError(error, broker.address);
    throw explainServiceFailure([{ worker, kind, why, source }]);
  }
}

function judgeStrangers(
  { worker, url, probe }: BrokerUse,
  { queue, strangers: count }: QueueBaseline,
  { services, secrets }: QueueContext,
): void {
  if (probe.strangers === 'ignore') return;
  if (probe.strangers === 'warn') {
    notice(`${worker}: ${describeStrangers({ queue, count })}`);
    return;
  }
  const candidates = findStrangers(services.broker(url).address, queue, secrets);
  throw explainStrangers({ worker, queue, count, candidates });
}
