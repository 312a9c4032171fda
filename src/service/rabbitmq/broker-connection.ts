import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { LiveWorkerError } from '../../errors.ts';
import { closeInTime } from '../close-in-time.ts';
import { type BrokerAddress, parseBrokerUrl } from './broker-address.ts';
import { connectBroker } from './connect-broker.ts';
import { RequestLanes } from './request-lanes.ts';
import type { TlsFiles } from './tls-options.ts';
import { declareLock, HeldLocks, type LockWatch } from './turns/held-locks.ts';

const longestPauseMs = 250;
/** INTERNAL_ERROR of AMQP, which is no answer to what was asked. */
const serverFailed = 541;

/** One passive declare. */
export type QueueAnswer =
  | { readonly kind: 'counted'; readonly messages: number; readonly consumers: number }
  | { readonly kind: 'missing' }
  /** It exists, exclusive to another connection (405). */
  | { readonly kind: 'locked' };

export interface BrokerConnectionOptions {
  readonly tls?: TlsFiles | undefined;
  readonly locks?: LockWatch;
}

/**
 * The one connection a session has to one broker, opened on first use and again when it was lost; locks it held are taken
 * again at once, before anything else goes over it. Once closed it stays closed.
 */
export class BrokerConnection {
  readonly url: string;
  readonly address: BrokerAddress;
  readonly #name: string;
  readonly #tls: TlsFiles | undefined;
  readonly #locks: HeldLocks;
  readonly #consumers = new Map<string, number>();
  readonly #lanes = new RequestLanes({
    channel: lane => this.channel(lane),
    isClosed: () => this.#isClosed,
    refusal: () => this.#refusal,
  });
  #model: Promise<ChannelModel> | undefined;
  #channels = new Map<string, Promise<Channel>>();
  #blockedBecause: string | undefined;
  #serverVersion: string | undefined;
  #refusal: Error | undefined;
  #isClosed = false;

  constructor(url: string, name: string, { tls, locks = {} }: BrokerConnectionOptions = {}) {
    this.url = url;
    this.address = parseBrokerUrl(url);
    this.#name = name;
    this.#tls = tls;
    this.#locks = new HeldLocks(locks);
  }

  /** Connects if need be. @throws an error of amqplib. */
  async open(): Promise<void> {
    await this.#connected();
  }

  /** How many consumers each queue had when it was last asked for. */
  get consumers(): ReadonlyMap<string, number> {
    return this.#consumers;
  }

  /** Why the broker takes no messages from this connection, as it said itself: `low on memory`. */
  get blockedBecause(): string | undefined {
    return this.#blockedBecause;
  }

  /** Of the broker, as it said at the last login: `3.10.8`. */
  get serverVersion(): string | undefined {
    return this.#serverVersion;
  }

  /** A passive declare, which creates nothing and clashes with no arguments. */
  checkQueue(queue: string): Promise<QueueAnswer> {
    return this.inTurn('check', async channel => {
      try {
        const { messageCount, consumerCount } = await channel.checkQueue(queue);
        this.#consumers.set(queue, consumerCount);
        return { kind: 'counted', messages: messageCount, consumers: consumerCount } as const;
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        if (code === 404) return { kind: 'missing' } as const;
        if (code === 405) return { kind: 'locked' } as const;
        throw error;
      }
    });
  }

  /** Takes an exclusive queue that stands for another, and keeps it until it is released. False when it is taken. */
  takeLock(lock: string, queue: string): Promise<boolean> {
    return this.inTurn('turn', async channel => {
      try {
        await declareLock(channel, lock);
        this.#locks.add(lock, queue);
        return true;
      } catch (error) {
        if ((error as { readonly code?: unknown }).code === 405) return false;
        throw error;
      }
    });
  }

  /** Nothing happens to one that is not held. */
  releaseLock(lock: string): Promise<void> {
    if (!this.#locks.delete(lock)) return Promise.resolve();
    return this.inTurn('turn', async channel => {
      await channel.deleteQueue(lock);
    });
  }

  /**
   * Works with the channel of a lane, one after the other: a refusal closes the channel under every other request on it.
   * What may be done twice is done again when the connection was lost under it.
   */
  inTurn<T>(lane: string, work: (channel: Channel) => Promise<T>, { isOnce = false } = {}): Promise<T> {
    return this.#lanes.run(lane, work, isOnce);
  }

  /** The channel kept under a name; a channel the broker closed, as it does with every refusal, is opened again. */
  channel(name: string): Promise<Channel> {
    return this.#channel(name, model => model.createChannel());
  }

  confirmChannel(name: string): Promise<ConfirmChannel> {
    return this.#channel(name, model => model.createConfirmChannel()) as Promise<ConfirmChannel>;
  }

  /** Closes the connection, and with it every turn it holds; what waits for it rejects. Never throws. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const opening = this.#model;
    const channels = [...this.#channels.values()];
    this.#model = undefined;
    this.#channels.clear();
    if (!opening) return;
    await closeInTime(
      async () => {
        // The close of a connection overtakes what was just sent over its channels, such as an acknowledgement.
        await Promise.allSettled(channels.map(async channel => (await channel).close()));
        await (await opening).close();
      },
      () => void opening.then(cut, () => {}),
    );
  }

  #channel(name: string, create: (model: ChannelModel) => Promise<Channel>): Promise<Channel> {
    const known = this.#channels.get(name);
    if (known) return known;
    const opening = this.#connected().then(create);
    const forget = () => {
      if (this.#channels.get(name) === opening) this.#channels.delete(name);
    };
    opening.then(channel => channel.on('error', forget).on('close', forget), forget);
    this.#channels.set(name, opening);
    return opening;
  }

  #connected(): Promise<ChannelModel> {
    if (this.#isClosed) return Promise.reject(closed());
    if (this.#locks.gone) return Promise.reject(this.#locks.gone);
    if (this.#model) return this.#model;
    const opening = this.#connect();
    this.#model = opening;
    opening.then(
      model => {
        const forget = () => this.#forget(opening);
        model.on('error', forget).on('close', forget);
        // A connection that ended before it had a listener emits nothing any more.
        if (isOver(model)) forget();
      },
      () => {
        if (this.#model === opening) this.#model = undefined;
      },
    );
    return opening;
  }

  #forget(lost: Promise<ChannelModel>): void {
    if (this.#model !== lost) return;
    this.#model = undefined;
    this.#blockedBecause = undefined;
    this.#channels.clear();
    this.#locks.noteLoss();
    if (!this.#locks.isEmpty) void this.#restore();
  }

  /** No other file may get in between only because no test happens to need the broker. */
  async #restore(): Promise<void> {
    for (
      let pauseMs = 10;
      !this.#isClosed && !this.#locks.gone;
      pauseMs = Math.min(2 * pauseMs, longestPauseMs)
    ) {
      try {
        await this.#connected();
        return;
      } catch {
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
  }

  async #connect(): Promise<ChannelModel> {
    const model = await connectBroker({ url: this.url, name: this.#name, tls: this.#tls });
    this.#serverVersion = String(model.connection.serverProperties.version);
    this.#refusal = undefined;
    model.on('error', (error: Error & { readonly code?: unknown }) => {
      if (typeof error.code === 'number' && error.code !== serverFailed) this.#refusal = error;
    });
    model.on('blocked', (reason: string) => {
      this.#blockedBecause = reason;
    });
    model.on('unblocked', () => {
      this.#blockedBecause = undefined;
    });
    try {
      await this.#locks.retake(model);
      return model;
    } catch (error) {
      await closeInTime(
        () => model.close(),
        () => cut(model),
      );
      throw error;
    }
  }
}

function isOver({ connection }: ChannelModel): boolean {
  return (connection as unknown as { readonly expectSocketClose?: boolean }).expectSocketClose === true;
}

function cut({ connection }: ChannelModel): void {
  const { stream } = connection as unknown as { readonly stream: Duplex };
  stream.destroy(new Error('the broker did not answer'));
}

function closed(): LiveWorkerError {
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    'The test file was over before RabbitMQ was asked\nIs an await missing?',
  );
}
