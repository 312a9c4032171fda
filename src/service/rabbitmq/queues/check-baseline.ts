import { isLiveWorkerError } from '../../../errors.ts';
import { notice } from '../../../text/notice.ts';
import { explainServiceFailure } from '../../explain-service-failure.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { classifyBrokerError } from '../classify-broker-error.ts';
import { rabbitmqDescription } from '../rabbitmq-description.ts';
import type { RabbitmqUse } from '../rabbitmq-use.ts';
import { queueKey } from './expected-consumers.ts';
import { describeStrangers, explainStrangers } from './explain-strangers.ts';
import { findStrangers } from './find-strangers.ts';
import { handleWaitingMessages } from './handle-waiting-messages.ts';
import type { QueueContext } from './queue-context.ts';
import { type QueueBaseline, takeBaseline } from './take-baseline.ts';

/**
 * Takes the baseline of every queue a worker will consume from, right before it is spawned, and notes how many consumers to
 * expect of it.
 *
 * @throws STRANGERS_ON_QUEUE when another process consumes and the probe does not allow it; SERVICE_UNAVAILABLE
 */
export async function checkBaseline(use: RabbitmqUse, context: QueueContext): Promise<void> {
  for (const queue of use.spec.queues) await checkQueue(queue, use, context);
}

/** Notes who consumes for a worker this file attached to: its consumers were there before it, and are no strangers. */
export async function countAttached(
  use: RabbitmqUse,
  { connection, consumers, timeline }: Pick<QueueContext, 'connection' | 'consumers' | 'timeline'>,
): Promise<void> {
  for (const queue of use.spec.queues) {
    const key = queueKey(use.url, queue);
    const answer = await explained(use, connection, () => connection.checkQueue(queue));
    const theirs = answer.kind === 'counted' ? answer.consumers - consumers.oursOn(key, use.worker) : 0;
    timeline.record('queue.attached', { worker: use.worker, queue, consumers: theirs });
    consumers.expect(key, use.worker, Math.max(theirs, use.spec.consumers));
  }
}

async function checkQueue(queue: string, use: RabbitmqUse, context: QueueContext): Promise<void> {
  const { url, worker, spec } = use;
  const { connection, consumers, deaths, timeline, isFirstStart } = context;
  const key = queueKey(url, queue);
  const ours = consumers.oursOn(key, worker);
  const baseline = await explained(use, connection, () => takeBaseline(connection, queue, ours));
  timeline.record('queue.baseline', { worker, ...baseline });
  if (baseline.isMissing && isFirstStart) consumers.noteMissing(key);
  if (baseline.strangers > 0) refuseStrangers(use, baseline, context);
  const isPurged =
    baseline.messages > 0 && ours === 0 && isFirstStart
      ? await handleWaitingMessages(use, baseline, context)
      : false;
  if (ours === 0) deaths.noteSpawn(key, isPurged ? 0 : baseline.messages);
  consumers.noteStrangers(key, baseline.strangers);
  consumers.expect(key, worker, spec.consumers);
}

/** @throws SERVICE_UNAVAILABLE where the broker fails only now */
export async function explained<T>(
  { worker, source }: RabbitmqUse,
  { address }: BrokerConnection,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isLiveWorkerError(error)) throw error;
    const { why } = classifyBrokerError(error, address);
    throw explainServiceFailure([{ worker, service: rabbitmqDescription, why, source }]);
  }
}

function refuseStrangers(
  { worker, spec }: RabbitmqUse,
  { queue, strangers: count }: QueueBaseline,
  { connection, secrets }: QueueContext,
): void {
  if (spec.strangers === 'ignore') return;
  if (spec.strangers === 'warn') {
    notice(`${worker}: ${describeStrangers({ queue, count })}`);
    return;
  }
  const candidates = findStrangers(connection.address, queue, secrets);
  throw explainStrangers({ worker, queue, count, candidates });
}
