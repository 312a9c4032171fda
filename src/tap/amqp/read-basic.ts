import type { AmqpChannelEvent, Side } from './amqp-event.ts';
import type { MethodFields } from './method-fields.ts';

interface Place {
  readonly by: Side;
  readonly channel: number;
}

/** The methods that consume, publish and acknowledge. @throws NotUnderstood */
export function readBasic(method: number, fields: MethodFields, place: Place): AmqpChannelEvent | undefined {
  const { by, channel } = place;
  switch (method) {
    case 10:
      fields.skip(4);
      return { kind: 'qos', channel, count: fields.short(), isGlobal: fields.octet() === 1 };
    case 20:
      return readConsume(fields, channel);
    case 21:
      return { kind: 'consuming', channel, consumer: fields.shortText() };
    case 30:
      return { kind: 'cancel', by, channel, consumer: fields.shortText(), noWait: fields.octet() === 1 };
    case 31:
      return { kind: 'cancelled', by, channel, consumer: fields.shortText() };
    case 40:
      fields.skip(2);
      return { kind: 'publish', channel, ...readTarget(fields) };
    case 50:
      return {
        kind: 'returned',
        channel,
        code: fields.short(),
        text: fields.shortText(),
        ...readTarget(fields),
      };
    case 60:
      return { kind: 'deliver', channel, consumer: fields.shortText(), ...readDelivery(fields) };
    case 70:
      fields.skip(2);
      return { kind: 'get', channel, queue: fields.shortText(), noAck: fields.octet() === 1 };
    case 71:
      return { kind: 'got', channel, ...readDelivery(fields) };
    case 72:
      return { kind: 'got-nothing', channel };
    default:
      return readAnswer(method, fields, place);
  }
}

function readAnswer(
  method: number,
  fields: MethodFields,
  { by, channel }: Place,
): AmqpChannelEvent | undefined {
  switch (method) {
    case 80:
      return { kind: 'ack', by, channel, delivery: fields.longLong(), multiple: fields.octet() === 1 };
    case 90:
      return { kind: 'reject', channel, delivery: fields.longLong(), requeue: fields.octet() === 1 };
    case 111:
      return { kind: 'recovered', channel };
    case 120: {
      const delivery = fields.longLong();
      const bits = fields.octet();
      return { kind: 'nack', by, channel, delivery, multiple: (bits & 1) === 1, requeue: (bits & 2) === 2 };
    }
    default:
      return undefined;
  }
}

function readConsume(fields: MethodFields, channel: number): AmqpChannelEvent {
  fields.skip(2);
  const queue = fields.shortText();
  const consumer = fields.shortText();
  const bits = fields.octet();
  return { kind: 'consume', channel, queue, consumer, noAck: (bits & 2) === 2, noWait: (bits & 8) === 8 };
}

function readTarget(fields: MethodFields): { readonly exchange: string; readonly routingKey: string } {
  return { exchange: fields.shortText(), routingKey: fields.shortText() };
}

function readDelivery(fields: MethodFields): {
  readonly delivery: number;
  readonly redelivered: boolean;
  readonly exchange: string;
  readonly routingKey: string;
} {
  return { delivery: fields.longLong(), redelivered: fields.octet() === 1, ...readTarget(fields) };
}
