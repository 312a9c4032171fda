import type { Options } from 'amqplib';
import { LiveWorkerError } from '../errors.ts';
import { describeBroker } from '../probe/rabbitmq/broker-address.ts';
import type { BrokerConnection } from '../probe/rabbitmq/broker-connection.ts';
import { inTime } from './broker/in-time.ts';
import { PublishLane } from './broker/publish-lane.ts';
import { explainRefusal } from './broker/refusal.ts';
import type { PublishOptions, PublishTarget, QueueDepth, ReceivedMessage } from './contract.ts';

/** Outside of tests, in milliseconds. */
const defaultLimitMs = 5_000;

/**
 * What tests do with a broker.
 *
 * @param timeLeftMs what the running test has left, so that our message comes before Jest's
 */
export function brokerFixtures(connection: BrokerConnection, timeLeftMs = () => defaultLimitMs) {
  const ask = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await inTime(connection, { what, limitMs: timeLeftMs() }, work());
    } catch (error) {
      throw explainRefusal(what, error, connection);
    }
  };
  return {
    /** @throws MESSAGE_UNROUTABLE, BROKER_REFUSED, WAIT_TIMEOUT, SERVICE_UNAVAILABLE */
    async publish(
      target: PublishTarget,
      content: Buffer,
      options: PublishOptions,
      queues: readonly string[],
    ): Promise<void> {
      const { exchange, routingKey } =
        typeof target === 'string' ? { exchange: '', routingKey: target } : target;
      const lane = laneOf(connection, exchange);
      const where = exchange === '' ? `queue "${routingKey}"` : `exchange "${exchange}"`;
      const isRouted = await ask(`publish to ${where}`, () =>
        lane.publish({ exchange, routingKey, content, options: toAmqplib(options) }),
      );
      if (isRouted) return;
      throw await ask('look at queues', () => unroutable(connection, { exchange, routingKey }, queues));
    },
    async get(queue: string): Promise<ReceivedMessage | null> {
      let isLate = false;
      const taking = connection.inTurn('get', async channel => {
        const message = await channel.get(queue, { noAck: false });
        if (message === false) return null;
        // Whoever asked is gone: it goes back to the queue.
        if (isLate) channel.nack(message, false, true);
        else channel.ack(message);
        const { fields, properties } = message;
        return {
          content: message.content,
          exchange: fields.exchange,
          routingKey: fields.routingKey,
          redelivered: fields.redelivered,
          properties: { ...properties },
        };
      });
      return ask(`get from queue "${queue}"`, () => taking).catch(error => {
        isLate = true;
        throw error;
      });
    },
    async purge(queue: string): Promise<number> {
      const { messageCount } = await ask(`purge queue "${queue}"`, () =>
        connection.inTurn('get', channel => channel.purgeQueue(queue), { isOnce: true }),
      );
      return messageCount;
    },
    async depth(queue: string): Promise<QueueDepth> {
      const answer = await ask(`look at queue "${queue}"`, () => connection.checkQueue(queue));
      if (answer.kind === 'counted') return { ready: answer.messages, consumers: answer.consumers };
      const why = answer.kind === 'missing' ? 'it does not exist' : 'it is exclusive to another connection';
      throw new LiveWorkerError(
        'BROKER_REFUSED',
        `Cannot look at queue "${queue}": ${why}\nat ${describeBroker(connection.address)}, vhost "${connection.address.vhost}"`,
        { details: { queue, code: answer.kind === 'missing' ? 404 : 405 } },
      );
    },
  };
}

const lanes = new WeakMap<BrokerConnection, Map<string, PublishLane>>();

function laneOf(connection: BrokerConnection, exchange: string): PublishLane {
  const ofConnection = lanes.get(connection) ?? new Map<string, PublishLane>();
  lanes.set(connection, ofConnection);
  const lane = ofConnection.get(exchange) ?? new PublishLane(connection, exchange);
  ofConnection.set(exchange, lane);
  return lane;
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
