import { setTimeout as sleep } from 'node:timers/promises';
import { isLiveWorkerError } from '../../../errors.ts';
import type { BrokerConnection } from '../broker-connection.ts';

const listenAgainMs = 500;
/** A holder that does not listen keeps no more of these than its waiters send meanwhile. */
const expiration = '5000';

/**
 * Tells the holder of a lock, wherever it is, that another process waits for it: the default exchange routes to the lock itself.
 * Never throws: a user without the permission waits as if it had not asked.
 */
export async function askForTurn(connection: BrokerConnection, lock: string): Promise<void> {
  try {
    const channel = await connection.channel('wanted');
    channel.sendToQueue(lock, Buffer.from('wanted'), { expiration });
  } catch {
    // The next attempt to take the lock says what is wrong with the connection.
  }
}

/** Calls `onWanted` for each one that asks, as long as this connection has the lock. */
export function hearWaiters(connection: BrokerConnection, lock: string, onWanted: () => void): void {
  void listen(connection, lock, onWanted).catch(async error => {
    // The lock was released, or the connection closed for good.
    if (isLiveWorkerError(error) || (error as { readonly code?: unknown }).code === 404) return;
    await sleep(listenAgainMs, undefined, { ref: false });
    hearWaiters(connection, lock, onWanted);
  });
}

async function listen(connection: BrokerConnection, lock: string, onWanted: () => void): Promise<never> {
  const channel = await connection.channel(`waiters for ${lock}`);
  const closed = new Promise<never>((_, reject) => {
    channel.once('close', () => reject(new Error('the channel was closed')));
    channel.once('error', reject);
  });
  await channel.consume(lock, message => message && onWanted(), { noAck: true });
  return closed;
}
