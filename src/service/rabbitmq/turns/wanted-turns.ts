import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLiveWorkerError } from '../../../errors.ts';
import type { BrokerConnection } from '../broker-connection.ts';

const listenAgainMs = 500;
/** ACCESS_REFUSED, NOT_FOUND, RESOURCE_LOCKED */
const final: readonly number[] = [403, 404, 405];
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
    // The connection was closed for good, the lock is not held any more, or the user may not read from it.
    if (isLiveWorkerError(error) || final.includes(Number((error as { readonly code?: unknown }).code)))
      return;
    await sleep(listenAgainMs, undefined, { ref: false });
    hearWaiters(connection, lock, onWanted);
  });
}

/** Resolves when the lock is released, which cancels the consumer. */
async function listen(connection: BrokerConnection, lock: string, onWanted: () => void): Promise<void> {
  const channel = await connection.channel(`waiters for ${lock}`);
  const over = new AbortController();
  const ended = (event: string) => once(channel, event, { signal: over.signal });
  const released = new Promise<void>((resolve, reject) => {
    const consuming = channel.consume(lock, message => (message ? onWanted() : resolve()), { noAck: true });
    consuming.catch(reject);
    ended('close').then(() => reject(new Error('the channel was closed')), reject);
  });
  await released.finally(() => over.abort());
}
