import { createHash } from 'node:crypto';
import { Alarm } from '../alarm.ts';
import { pollIntervalMs } from '../poll-interval.ts';
import type { BrokerConnection } from './broker-connection.ts';

const longestQueueName = 255;

export interface TurnOptions {
  readonly signal: AbortSignal;
  /** The name of the lock of a queue. Default {@link turnQueueName}. */
  readonly nameOf?: (queue: string) => string;
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

/** The lock of those who start workers on a queue. */
export function turnQueueName(queue: string): string {
  return lockName('live-worker.turn.', queue);
}

/** The lock of those who attach to a worker that is there already. */
export function attachTurnName(queue: string): string {
  return lockName('live-worker.attach.', queue);
}

export function lockName(prefix: string, queue: string): string {
  const name = `${prefix}${queue}`;
  if (Buffer.byteLength(name) <= longestQueueName) return name;
  return `${prefix}${createHash('sha256').update(queue).digest('hex')}`;
}

async function takeOne(
  connection: BrokerConnection,
  queue: string,
  { signal, nameOf = turnQueueName, onWait, onTaken }: TurnOptions,
): Promise<void> {
  const alarm = new Alarm();
  const startedAt = performance.now();
  let intervalMs = 0;
  while (!(await isTaken(connection, nameOf(queue)))) {
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

async function isTaken(connection: BrokerConnection, lock: string): Promise<boolean> {
  try {
    const channel = await connection.channel('turn');
    await channel.assertQueue(lock, { exclusive: true, durable: false });
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 405) return false;
    throw error;
  }
}
