import type { BrokerConnection } from '../broker-connection.ts';

const defaultLimitMs = 1_000;

/**
 * How a queue is now, in one line that stands under a failed assertion. What a worker has taken and not acknowledged is known
 * to the management plugin alone. Never throws.
 */
export async function describeQueue(
  connection: BrokerConnection,
  queue: string,
  limitMs = defaultLimitMs,
): Promise<string> {
  const answer = await Promise.race([
    connection.checkQueue(queue).catch(() => 'failed' as const),
    new Promise<void>(resolve => setTimeout(resolve, limitMs).unref()),
  ]);
  if (answer === 'failed') return `queue "${queue}": could not be looked at, its broker refuses or is gone`;
  if (!answer) return `queue "${queue}": the broker does not answer`;
  if (answer.kind === 'missing') return `queue "${queue}": does not exist`;
  if (answer.kind === 'locked') return `queue "${queue}": is exclusive to another connection`;
  const { messages, consumers } = answer;
  return `queue "${queue}": ${count(messages, 'message')} waiting, ${count(consumers, 'consumer')}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
