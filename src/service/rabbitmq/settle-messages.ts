import { notice } from '../../text/notice.ts';
import { queueKey } from '../queue-ledger.ts';
import type { BrokerUse } from '../service-uses.ts';
import { brokerFixtures } from './fixtures/broker-fixtures.ts';
import type { QueueContext } from './queue-context.ts';
import type { QueueBaseline } from './take-baseline.ts';

/**
 * Says on stderr what a queue still holds from before, and drops it where the probe asks for that and nobody else consumes.
 * The turn of the queue is held by now: `purge` goes with `share` nowhere.
 */
export async function settleMessages(
  { worker, url, probe }: BrokerUse,
  { queue, messages, strangers }: QueueBaseline,
  { services, ledger, timeline }: QueueContext,
): Promise<void> {
  const say = (text: string) => notice(`worker "${worker}": queue "${queue}" ${text}`);
  if (probe.purge && strangers === 0) {
    const purged = await brokerFixtures(services.broker(url)).purge(queue);
    timeline.record('queue.purged', { worker, queue, messages: purged });
    say(`held ${count(purged)} from before, purged`);
    return;
  }
  ledger.noteLeftOver(queueKey(url, queue), messages);
  const advice = probe.purge
    ? 'not purged, because somebody else consumes from it'
    : 'which it will take first; purge: true on the probe drops them';
  say(`holds ${count(messages)} from before, ${advice}`);
}

function count(messages: number): string {
  return messages === 1 ? '1 message' : `${messages} messages`;
}
