import { createHash } from 'node:crypto';
import { Alarm } from '../alarm.ts';
import { pollIntervalMs } from '../poll-interval.ts';
import type { BrokerConnection } from './broker-connection.ts';

const longestQueueName = 255;

export interface TurnOptions {
  readonly signal: AbortSignal;
  /** Called at once for each queue somebody else holds. */
  readonly onWait?: (queue: string) => void;
  readonly onTaken?: (queue: string) => void;
}

/**
 * Waits until this connection alone holds the turn of every queue. The lock is an exclusive queue beside each of them: the
 * broker gives it to one connection and takes it back when that connection is gone. Sorted, so that two files that want
 * the same queues cannot wait for each other.
 *
 * Source of the rule: exclusive queues in AMQP 0-9-1, section 1.7.2.1; a second declare is answered with 405.
 */
export async function takeTurn(
  connection: BrokerConnection,
  queues: readonly string[],
  options: TurnOptions,
): Promise<void> {
  for (const queue of [...new Set(queues)].sort()) await takeOne(connection, queue, options);
}

export function turnQueueName(queue: string): string {
  const name = `live-worker.turn.${queue}`;
  if (Buffer.byteLength(name) <= longestQueueName) return name;
  return `live-worker.turn.${createHash('sha256').update(queue).digest('hex')}`;
}

async function takeOne(
  connection: BrokerConnection,
  queue: string,
  { signal, onWait, onTaken }: TurnOptions,
): Promise<void> {
  const alarm = new Alarm();
  const startedAt = performance.now();
  let intervalMs = 0;
  while (!(await isTaken(connection, queue))) {
    signal.throwIfAborted();
    if (intervalMs === 0) onWait?.(queue);
    intervalMs = pollIntervalMs({
      sinceStartMs: performance.now() - startedAt,
      previousMs: intervalMs,
      isAlert: false,
    });
    await alarm.pause(intervalMs, signal);
  }
  onTaken?.(queue);
}

async function isTaken(connection: BrokerConnection, queue: string): Promise<boolean> {
  try {
    const channel = await connection.channel('turn');
    await channel.assertQueue(turnQueueName(queue), { exclusive: true, durable: false });
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 405) return false;
    throw error;
  }
}
