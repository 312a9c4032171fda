import type { TakenMessages } from '../../service.ts';
import type { BrokerAddress } from '../broker-address.ts';
import type { BrokerConnection } from '../broker-connection.ts';

const defaultLimitMs = 1_000;

export interface QueueDescription {
  /** What a tap has seen. */
  readonly taken?: readonly TakenMessages[];
  /** How long the broker may take to answer, in milliseconds. */
  readonly limitMs?: number;
}

/**
 * How a queue is now, in one line that stands under a failed assertion. What a worker has taken and not acknowledged is known
 * to its tap, and to the management plugin. Never throws.
 */
export async function describeQueue(
  connection: BrokerConnection,
  queue: string,
  { taken = [], limitMs = defaultLimitMs }: QueueDescription = {},
): Promise<string> {
  return [await describeCounts(connection, queue, limitMs), ...taken.map(describeTaken)].join('; ');
}

/** Those of one queue. */
export function takenFrom(
  { host, port, vhost }: BrokerAddress,
  queue: string,
  taken: readonly TakenMessages[],
): readonly TakenMessages[] {
  return taken.filter(
    one => one.queue === queue && one.vhost === vhost && one.broker.host === host && one.broker.port === port,
  );
}

function describeTaken({ messages, pid, oldestMs }: TakenMessages): string {
  const whom = pid === undefined ? 'the worker' : `pid ${pid}`;
  const since = `${(Math.max(0, oldestMs) / 1_000).toFixed(1)} s ago`;
  const when = messages === 1 ? since : `the first ${since}`;
  return `${count(messages, 'message')} delivered to ${whom} ${when}, not acknowledged`;
}

async function describeCounts(connection: BrokerConnection, queue: string, limitMs: number): Promise<string> {
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
