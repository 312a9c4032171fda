import type { Duplex } from 'node:stream';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import { closeInTime } from '../close-in-time.ts';
import { type BrokerAddress, parseBrokerUrl } from './broker-address.ts';

const connectTimeoutMs = 2_000;

/** One passive declare. */
export type QueueAnswer =
  | { readonly kind: 'counted'; readonly messages: number; readonly consumers: number }
  | { readonly kind: 'missing' }
  /** It exists, exclusive to another connection (405). */
  | { readonly kind: 'locked' };

/**
 * The one connection a session has to one broker, opened on first use and again when it was lost. It asks for no
 * heartbeat: a test that blocks the event loop would lose it, and with it the turn.
 */
export class BrokerConnection {
  readonly url: string;
  readonly address: BrokerAddress;
  readonly #name: string;
  readonly #consumers = new Map<string, number>();
  #model: Promise<ChannelModel> | undefined;
  #channels = new Map<string, Promise<Channel>>();
  #inOrder: Promise<unknown> = Promise.resolve();

  constructor(url: string, name: string) {
    this.url = url;
    this.address = parseBrokerUrl(url);
    this.#name = name;
  }

  /** Connects if need be. @throws whatever amqplib throws. */
  async open(): Promise<void> {
    await this.#connected();
  }

  /** How many consumers each queue had when it was last asked for. */
  get consumers(): ReadonlyMap<string, number> {
    return this.#consumers;
  }

  /** A passive declare, which creates nothing and clashes with no arguments. */
  checkQueue(queue: string): Promise<QueueAnswer> {
    return this.#exclusively(async () => {
      try {
        const channel = await this.channel('check');
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

  /** The channel kept under a name; a channel the broker closed, as it does with every refusal, is opened again. */
  channel(name: string): Promise<Channel> {
    return this.#channel(name, model => model.createChannel());
  }

  confirmChannel(): Promise<ConfirmChannel> {
    return this.#channel('confirm', model => model.createConfirmChannel()) as Promise<ConfirmChannel>;
  }

  /** Closes the connection, and with it every turn it holds. Never throws. */
  async close(): Promise<void> {
    const model = await this.#model?.catch(() => undefined);
    this.#model = undefined;
    this.#channels.clear();
    if (model)
      await closeInTime(
        () => model.close(),
        () => cut(model),
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
    if (this.#model) return this.#model;
    const opening = this.#connect();
    const forget = () => {
      if (this.#model !== opening) return;
      this.#model = undefined;
      this.#channels.clear();
    };
    opening.then(model => model.on('error', forget).on('close', forget), forget);
    this.#model = opening;
    return opening;
  }

  async #connect(): Promise<ChannelModel> {
    const { connect } = await import('amqplib');
    const url = new URL(this.url);
    url.searchParams.set('heartbeat', '0');
    return connect(url.href, {
      noDelay: true,
      timeout: connectTimeoutMs,
      clientProperties: { connection_name: this.#name },
    });
  }

  /** A refusal closes the channel under every other request on it, so there is one at a time. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#inOrder.then(work, work);
    this.#inOrder = result.catch(() => {});
    return result;
  }
}

function cut({ connection }: ChannelModel): void {
  const { stream } = connection as unknown as { readonly stream: Duplex };
  stream.destroy(new Error('the broker did not answer'));
}
