import type { LeftBehind } from '../../service.ts';
import { purgeQueue } from '../fixtures/purge-queue.ts';
import type { RabbitmqUse } from '../rabbitmq-use.ts';
import { explained } from './check-baseline.ts';
import { queueKey } from './expected-consumers.ts';
import type { QueueContext } from './queue-context.ts';
import type { QueueDeaths } from './queue-deaths.ts';
import { takeBaseline } from './take-baseline.ts';

export interface LeftBehindContext extends Pick<QueueContext, 'connection' | 'consumers'> {
  readonly deaths: QueueDeaths;
  readonly isPurged: boolean;
}

/**
 * The messages that workers which died left on the queues of a use; `isPurged`: they are dropped, with all that is there. What
 * others still take from a queue is not left, and of messages that were there before the worker came nobody knows whether they
 * are the same.
 *
 * @throws SERVICE_UNAVAILABLE
 */
export async function findLeftBehind(
  use: RabbitmqUse,
  { connection, consumers, deaths, isPurged }: LeftBehindContext,
): Promise<readonly LeftBehind[]> {
  const { url, worker, spec } = use;
  const left: LeftBehind[] = [];
  for (const queue of spec.queues) {
    const key = queueKey(url, queue);
    const death = deaths.take(key);
    if (!death || spec.purge || spec.share || consumers.oursOn(key, worker) > 0) continue;
    const baseline = await explained(use, connection, () => takeBaseline(connection, queue, 0));
    const messages = baseline.messages - death.before;
    if (baseline.strangers > 0 || messages <= 0) continue;
    if (isPurged) await purgeQueue(connection, queue);
    left.push({ queue, messages, files: death.files });
  }
  return left;
}
