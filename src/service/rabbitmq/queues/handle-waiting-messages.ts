import { notice } from '../../../text/notice.ts';
import { purgeQueue } from '../fixtures/purge-queue.ts';
import type { RabbitmqUse } from '../rabbitmq-use.ts';
import { queueKey } from './expected-consumers.ts';
import type { QueueContext } from './queue-context.ts';
import type { QueueBaseline } from './take-baseline.ts';

/**
 * Says on stderr what a queue still holds from before, and drops it where the probe asks for that and no other process
 * consumes. The turn of the queue is held by now: `purge` goes with `share` nowhere.
 *
 * @returns true when they were dropped
 */
export async function handleWaitingMessages(
  { worker, url, spec }: RabbitmqUse,
  { queue, messages, strangers }: QueueBaseline,
  { connection, consumers, timeline }: QueueContext,
): Promise<boolean> {
  const say = (text: string) => notice(`worker "${worker}": queue "${queue}" ${text}`);
  if (spec.purge && strangers === 0) {
    const purged = await purgeQueue(connection, queue);
    timeline.record('queue.purged', { worker, queue, messages: purged });
    say(`held ${count(purged)} from before, purged`);
    return true;
  }
  consumers.noteLeftOver(queueKey(url, queue), messages);
  const advice = spec.purge
    ? 'not purged, because another process consumes from it'
    : 'which it will take first; purge: true on the probe drops them';
  say(`holds ${count(messages)} from before, ${advice}`);
  return false;
}

function count(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`;
}
