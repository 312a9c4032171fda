import type { ConfirmChannel, Message, Options } from 'amqplib';
import { LiveWorkerError } from '../errors.ts';
import { describeBroker } from '../probe/rabbitmq/broker-address.ts';
import type { BrokerConnection } from '../probe/rabbitmq/broker-connection.ts';
import { judgeBrokerError } from '../probe/rabbitmq/judge-broker-error.ts';
import type { PublishOptions, PublishTarget, QueueDepth, ReceivedMessage } from './contract.ts';

/** What tests do with a broker. */
export function brokerFixtures(connection: BrokerConnection) {
  return {
    /** @throws MESSAGE_UNROUTABLE */
    async publish(
      target: PublishTarget,
      content: Buffer,
      options: PublishOptions,
      queues: readonly string[],
    ): Promise<void> {
      const { exchange, routingKey } =
        typeof target === 'string' ? { exchange: '', routingKey: target } : target;
      const channel = await attempt(connection, 'publish', () => connection.confirmChannel());
      const isRouted = await attempt(connection, 'publish', () =>
        publishMandatory(channel, { exchange, routingKey, content, options: toAmqplib(options) }),
      );
      if (!isRouted) throw await unroutable(connection, { exchange, routingKey }, queues);
    },
    async get(queue: string): Promise<ReceivedMessage | null> {
      const channel = await attempt(connection, 'get', () => connection.channel('get'));
      const message = await attempt(connection, `get from queue "${queue}"`, () =>
        channel.get(queue, { noAck: true }),
      );
      if (message === false) return null;
      const { fields, properties } = message;
      return {
        content: message.content,
        exchange: fields.exchange,
        routingKey: fields.routingKey,
        redelivered: fields.redelivered,
        properties: { ...properties },
      };
    },
    async purge(queue: string): Promise<number> {
      const channel = await attempt(connection, 'purge', () => connection.channel('get'));
      return (await attempt(connection, `purge queue "${queue}"`, () => channel.purgeQueue(queue)))
        .messageCount;
    },
    async depth(queue: string): Promise<QueueDepth> {
      const answer = await attempt(connection, `look at queue "${queue}"`, () =>
        connection.checkQueue(queue),
      );
      if (answer.kind === 'counted') return { ready: answer.messages, consumers: answer.consumers };
      const why = answer.kind === 'missing' ? 'it does not exist' : 'it is exclusive to another connection';
      throw new LiveWorkerError('SERVICE_UNAVAILABLE', `Cannot look at queue "${queue}": ${why}`, {
        details: { queue },
      });
    },
  };
}

interface Publication {
  readonly exchange: string;
  readonly routingKey: string;
  readonly content: Buffer;
  readonly options: Options.Publish;
}

/**
 * False when the broker sent the message back. A returned message comes before its confirm, and channels keep the order, so
 * one publication at a time is enough to tell whose it was.
 *
 * Source: RabbitMQ manual, "Consumer Acknowledgements and Publisher Confirms": basic.return is sent before basic.ack.
 */
function publishMandatory(
  channel: ConfirmChannel,
  { exchange, routingKey, content, options }: Publication,
): Promise<boolean> {
  const messageId = options.messageId;
  return new Promise((resolve, reject) => {
    let isRouted = true;
    const onReturn = (message: Message) => {
      if (
        message.fields.routingKey === routingKey &&
        message.properties.messageId === messageId &&
        message.content.equals(content)
      ) {
        isRouted = false;
      }
    };
    const onClose = () => reject(new Error('the channel was closed'));
    channel.on('return', onReturn);
    channel.once('close', onClose);
    channel.once('error', reject);
    channel.publish(exchange, routingKey, content, { ...options, mandatory: true }, error => {
      channel.off('return', onReturn).off('close', onClose).off('error', reject);
      if (error) reject(error);
      else resolve(isRouted);
    });
  });
}

function toAmqplib({ expiration, ...rest }: PublishOptions): Options.Publish {
  return {
    ...rest,
    ...(expiration === undefined ? {} : { expiration: String(expiration) }),
  } as Options.Publish;
}

async function unroutable(
  connection: BrokerConnection,
  { exchange, routingKey }: { readonly exchange: string; readonly routingKey: string },
  queues: readonly string[],
): Promise<LiveWorkerError> {
  const place =
    exchange === ''
      ? `there is no queue "${routingKey}"`
      : `exchange "${exchange}" has no queue bound for "${routingKey}"`;
  const there: string[] = [];
  for (const queue of queues) {
    const answer = await connection.checkQueue(queue).catch(() => undefined);
    if (answer?.kind === 'counted') there.push(`"${queue}" (${answer.consumers} consumers)`);
  }
  const known =
    there.length === 0 ? '' : `\nOf the queues this file's probes name there are ${there.join(', ')}`;
  return new LiveWorkerError(
    'MESSAGE_UNROUTABLE',
    `Nobody took the message: ${place} at ${describeBroker(connection.address)}, vhost "${connection.address.vhost}"${known}`,
    { details: { exchange, routingKey, queues: there } },
  );
}

async function attempt<T>(connection: BrokerConnection, what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { why } = judgeBrokerError(error, connection.address);
    throw new LiveWorkerError('SERVICE_UNAVAILABLE', `Cannot ${what}: ${why}`, { cause: error });
  }
}
