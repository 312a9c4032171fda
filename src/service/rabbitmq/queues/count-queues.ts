import type { QueueCounts } from '../../service.ts';
import type { BrokerConnection } from '../broker-connection.ts';

/** What is on these queues now; those are left out that are not there, or are exclusive to another connection. */
export async function countQueues(
  connection: BrokerConnection,
  queues: readonly string[],
): Promise<QueueCounts> {
  const counted = new Map<string, { readonly ready: number; readonly consumers: number }>();
  for (const queue of new Set(queues)) {
    const answer = await connection.checkQueue(queue);
    if (answer.kind === 'counted')
      counted.set(queue, { ready: answer.messages, consumers: answer.consumers });
  }
  return { vhost: connection.address.vhost, queues: counted };
}
