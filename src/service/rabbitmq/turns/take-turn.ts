import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isLiveWorkerError, LiveWorkerError } from '../../../errors.ts';
import { pollIntervalMs } from '../../../probe/poll-interval.ts';
import { PollWaker } from '../../../probe/poll-waker.ts';
import type { BrokerAddress } from '../broker-address.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { classifyBrokerError } from '../classify-broker-error.ts';
import { askForTurn } from './wanted-turns.ts';

const longestQueueName = 255;
/** How long a holder that lost its connection may take to come back, in milliseconds. */
const claimMs = 5_000;
const claimPauseMs = 50;
/** How often a holder that can give it up is asked to, in milliseconds. */
const askAgainMs = 1_000;
/** How long a broker may be away while its turns are waited for, in milliseconds. */
const absenceMs = 30_000;
const retryMs = 100;

export interface TurnOptions {
  readonly signal: AbortSignal;
  /** The name of the lock of a queue. Default {@link turnQueueName}. */
  readonly nameOf?: (queue: string) => string;
  /** Called at once for each queue that another file holds. */
  readonly onWait?: (queue: string) => void;
  readonly onTaken?: (queue: string) => void;
  /** True for a queue whose last holder lives and only lost its connection: it is given a moment to come back. */
  readonly isClaimed?: (queue: string) => boolean;
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
  { signal, nameOf = turnQueueName, onWait, onTaken, isClaimed = () => false }: TurnOptions,
): Promise<void> {
  const lock = nameOf(queue);
  const waker = new PollWaker();
  const startedAt = performance.now();
  let claimedAt: number | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;
  let intervalMs = 0;
  for (;;) {
    const isTaken = await tryLock(connection, lock, queue);
    if (isTaken && isClaimed(queue)) claimedAt ??= performance.now();
    else claimedAt = undefined;
    if (isTaken && (claimedAt === undefined || performance.now() - claimedAt > claimMs)) break;
    if (isTaken) await connection.releaseLock(lock);
    signal.throwIfAborted();
    if (intervalMs === 0) onWait?.(queue);
    if (!isTaken && performance.now() - askedAt > askAgainMs) {
      askedAt = performance.now();
      await askForTurn(connection, lock);
    }
    intervalMs = pollIntervalMs({
      sinceStartMs: performance.now() - startedAt,
      previousMs: intervalMs,
      isAlert: false,
    });
    await waker.pause(claimedAt === undefined ? intervalMs : claimPauseMs, signal);
  }
  onTaken?.(queue);
}

/** @throws TURN_REFUSED; SERVICE_UNAVAILABLE when the broker is gone for good */
async function tryLock(connection: BrokerConnection, lock: string, queue: string): Promise<boolean> {
  const deadline = performance.now() + absenceMs;
  for (;;) {
    try {
      return await connection.takeLock(lock, queue);
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 403)
        throw turnRefused(lock, queue, connection.address);
      const { why, passes } = classifyBrokerError(error, connection.address);
      if (isLiveWorkerError(error)) throw error;
      if (passes === false || performance.now() > deadline)
        throw new LiveWorkerError('SERVICE_UNAVAILABLE', `Cannot take the turn on queue "${queue}": ${why}`, {
          details: { queue },
          cause: error,
        });
      await sleep(retryMs);
    }
  }
}

function turnRefused(lock: string, queue: string, { user, vhost }: BrokerAddress): LiveWorkerError {
  return new LiveWorkerError(
    'TURN_REFUSED',
    [
      `Cannot take the turn on queue "${queue}": user "${user}" has no configure permission on "${lock}" in vhost "${vhost}" (403)`,
      `change: grant it: rabbitmqctl set_permissions -p ${quote(vhost)} ${quote(user)} '^live-worker\\.|CONFIGURE' 'WRITE' 'READ', with the three`,
      `        patterns that rabbitmqctl list_user_permissions ${quote(user)} shows now; or set share: true on the probe, and let no two`,
      '        files use the queue at once',
    ].join('\n'),
    { details: { queue, lock, user, vhost } },
  );
}

function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
