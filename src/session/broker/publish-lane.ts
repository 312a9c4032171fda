import type { ConfirmChannel, Message, Options } from 'amqplib';
import type { BrokerConnection } from '../../probe/rabbitmq/broker-connection.ts';

/** A broker refuses a message bigger than its limit, 16 MiB by default in 4.x, and closes the channel. */
const bigBytes = 8 * 1024 * 1024;
/** Nothing of these can make a broker close the channel. */
const harmlessOptions = new Set([
  'contentType',
  'contentEncoding',
  'correlationId',
  'replyTo',
  'messageId',
  'type',
  'persistent',
]);

export interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

interface Outstanding extends Publication {
  isRouted: boolean;
}

/**
 * Publishes to one exchange, in the order it was asked. A channel that the broker closes takes every publication on it
 * along, so each exchange has its own, and whatever may be refused for itself goes when nothing else is under way.
 */
export class PublishLane {
  readonly #connection: BrokerConnection;
  readonly #channelName: string;
  readonly #underWay = new Set<Promise<unknown>>();
  #barrier: Promise<unknown> = Promise.resolve();

  constructor(connection: BrokerConnection, exchange: string) {
    this.#connection = connection;
    this.#channelName = `publish ${exchange}`;
  }

  /** Resolves with false when no queue took it. @throws whatever amqplib throws */
  publish(publication: Publication): Promise<boolean> {
    const isRisky = mayBeRefused(publication);
    const before = isRisky ? Promise.allSettled([this.#barrier, ...this.#underWay]) : this.#barrier;
    const sending = before.then(() => this.#send(publication));
    const settled = sending.then(
      () => {},
      () => {},
    );
    if (isRisky) this.#barrier = settled;
    this.#underWay.add(settled);
    void settled.then(() => this.#underWay.delete(settled));
    return sending;
  }

  async #send(publication: Publication): Promise<boolean> {
    return publishMandatory(await this.#connection.confirmChannel(this.#channelName), publication);
  }
}

function mayBeRefused({ content, options }: Publication): boolean {
  const { headers = {}, ...rest } = options;
  return (
    content.length > bigBytes ||
    Object.keys(headers).some(name => /^b?cc$/i.test(name)) ||
    Object.entries(rest).some(([name, value]) => value !== undefined && !harmlessOptions.has(name))
  );
}

const outstandingOn = new WeakMap<ConfirmChannel, Set<Outstanding>>();

/**
 * False when the broker sent the message back. A returned message comes before its confirm. Of several that are alike it
 * does not matter which one is marked.
 *
 * Source: RabbitMQ manual, "Consumer Acknowledgements and Publisher Confirms": basic.return is sent before basic.ack.
 */
function publishMandatory(channel: ConfirmChannel, publication: Publication): Promise<boolean> {
  const { exchange, routingKey, content, options } = publication;
  const outstanding = listenOn(channel);
  const own: Outstanding = { ...publication, isRouted: true };
  return new Promise((resolve, reject) => {
    // The close of a channel comes without its reason to those that wait for a confirm.
    const refused = (error: unknown) => reject(error);
    channel.once('error', refused);
    outstanding.add(own);
    const settle = (error: unknown) => {
      outstanding.delete(own);
      channel.off('error', refused);
      if (error) reject(isLoss(error) ? unknownFate() : error);
      else resolve(own.isRouted);
    };
    try {
      channel.publish(exchange, routingKey, content, { ...options, mandatory: true }, settle);
    } catch (error) {
      settle(error);
    }
  });
}

/** So amqplib tells those that wait for a confirm that the connection is gone. */
function isLoss(error: unknown): boolean {
  return error instanceof Error && error.message === 'channel closed';
}

function unknownFate(): Error {
  return new Error(
    'Connection lost before the broker confirmed the message: whether it has arrived is not known',
  );
}

function listenOn(channel: ConfirmChannel): Set<Outstanding> {
  const known = outstandingOn.get(channel);
  if (known) return known;
  const outstanding = new Set<Outstanding>();
  outstandingOn.set(channel, outstanding);
  channel.setMaxListeners(0);
  channel.on('return', (message: Message) => {
    const returned = [...outstanding].find(own => own.isRouted && isSame(own, message));
    if (returned) returned.isRouted = false;
  });
  return outstanding;
}

function isSame(
  { routingKey, content, options }: Outstanding,
  { fields, properties, content: back }: Message,
) {
  return (
    fields.routingKey === routingKey && properties.messageId === options.messageId && back.equals(content)
  );
}
