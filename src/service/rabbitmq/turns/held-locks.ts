import { setTimeout as sleep } from 'node:timers/promises';
import type { ChannelModel } from 'amqplib';
import { LiveWorkerError } from '../../../errors.ts';

/** How long a lock may be held by a connection of ours that the broker has not missed yet, in milliseconds. */
const patienceMs = 2_000;
const intervalMs = 10;

/** Hears what becomes of the locks of a connection that was lost. */
export interface LockWatch {
  onLost?(queues: readonly string[]): void;
  onRetaken?(queues: readonly string[], tookMs: number): void;
  /** Called once: another file has a lock, and the file is not alone on its queue any more. */
  onGone?(error: LiveWorkerError): void;
  /** False when another file has had the lock meanwhile. */
  isOurs?(lock: string): boolean;
}

/** The exclusive queues a connection holds, each standing for another queue; they go with the connection. */
export class HeldLocks {
  readonly #queues = new Map<string, string>();
  readonly #watch: LockWatch;
  #lostAt: number | undefined;
  #gone: LiveWorkerError | undefined;

  constructor(watch: LockWatch) {
    this.#watch = watch;
  }

  get isEmpty(): boolean {
    return this.#queues.size === 0;
  }

  /** Set once a lock could not be taken again. */
  get gone(): LiveWorkerError | undefined {
    return this.#gone;
  }

  add(lock: string, queue: string): void {
    this.#queues.set(lock, queue);
  }

  /** True when it was held. */
  delete(lock: string): boolean {
    return this.#queues.delete(lock);
  }

  /** The connection is gone. */
  noteLoss(): void {
    if (this.isEmpty || this.#gone) return;
    this.#lostAt ??= performance.now();
    this.#watch.onLost?.([...this.#queues.values()]);
  }

  /** Takes all of them again, before anything else goes over the new connection. @throws TURN_LOST */
  async retake(model: ChannelModel): Promise<void> {
    if (this.isEmpty) return;
    for (const [lock, queue] of this.#queues) {
      if (!(await declareInTime(model, lock)) || this.#watch.isOurs?.(lock) === false) {
        this.#gone = turnLost(queue);
        this.#watch.onGone?.(this.#gone);
        throw this.#gone;
      }
    }
    const tookMs = Math.round(performance.now() - (this.#lostAt ?? performance.now()));
    this.#lostAt = undefined;
    this.#watch.onRetaken?.([...this.#queues.values()], tookMs);
  }
}

async function declareInTime(model: ChannelModel, lock: string): Promise<boolean> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    if (await declareOnce(model, lock)) return true;
    if (performance.now() > deadline) return false;
    await sleep(intervalMs);
  }
}

async function declareOnce(model: ChannelModel, lock: string): Promise<boolean> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  try {
    await declareLock(channel, lock);
    await channel.close();
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 405) return false;
    throw error;
  }
}

/** @throws an error with code 405 when another connection holds it */
export async function declareLock(
  channel: { assertQueue(lock: string, options: object): Promise<unknown> },
  lock: string,
): Promise<void> {
  await channel.assertQueue(lock, { exclusive: true, durable: false });
}

function turnLost(queue: string): LiveWorkerError {
  return new LiveWorkerError(
    'TURN_LOST',
    [
      `Cannot go on with queue "${queue}": the broker closed the connection of this test file, and with it went its turn on the queue`,
      'cause:  another test file has taken the turn before it could be taken again; both may have consumed messages of the other',
      'change: run the file again, and look into the log of the broker for why it closed the connection',
    ].join('\n'),
    { details: { queue } },
  );
}
