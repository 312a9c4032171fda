import type { BrokerConnection } from '../broker-connection.ts';
import { lockName } from './take-turn.ts';

/** It goes with the connection of its only consumer; where a broker was restarted meanwhile, with the time. */
const noteQueue = {
  durable: true,
  autoDelete: true,
  expires: 60_000,
  arguments: { 'x-queue-type': 'classic' },
};

/**
 * The lock does not tell who holds it. So the holder leaves a note in a queue beside it: of two messages the first is kept by
 * its own consumer, which ties the queue to its connection, and the second one is there for those who ask.
 */
export async function announceHolder(
  connection: BrokerConnection,
  lock: string,
  note: string,
): Promise<void> {
  const channel = await connection.channel(`holder of ${lock}`);
  const queue = noteQueueName(lock);
  await channel.deleteQueue(queue);
  await channel.assertQueue(queue, noteQueue);
  await channel.prefetch(1);
  await channel.consume(queue, () => {});
  for (let copy = 1; copy <= 2; copy += 1) channel.sendToQueue(queue, Buffer.from(note));
}

/** Undefined where the holder left no note, or another one reads it just now. */
export async function readHolder(connection: BrokerConnection, lock: string): Promise<string | undefined> {
  const channel = await connection.channel('holder');
  const message = await channel.get(noteQueueName(lock));
  if (!message) return undefined;
  channel.nack(message, false, true);
  return message.content.toString();
}

function noteQueueName(lock: string): string {
  return lockName('live-worker.turn.holder-of.', lock);
}
