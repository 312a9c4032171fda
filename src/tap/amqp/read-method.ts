import type { AmqpEvent, QueueArguments, Side } from './amqp-event.ts';
import { readTable } from './field-table.ts';
import { MethodFields } from './method-fields.ts';
import { readBasic } from './read-basic.ts';
import { readLogin } from './read-login.ts';

/** A method frame's payload as it begins; what is behind the fields that are read may be missing. */
export interface MethodHead {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  readonly channel: number;
  readonly by: Side;
}

/**
 * What a method says; undefined for those that nothing depends on.
 *
 * Source: AMQP 0-9-1, "amqp0-9-1.extended.xml" of RabbitMQ.
 *
 * @throws NotUnderstood
 */
export function readMethod({ bytes, start, end, channel, by }: MethodHead): AmqpEvent | undefined {
  const fields = new MethodFields(bytes, start, end);
  const classId = fields.short();
  const method = fields.short();
  switch (classId) {
    case 10:
      return readConnection(method, fields, by);
    case 20:
      return readChannel(method, fields, { by, channel });
    case 50:
      return readQueue(method, fields, channel);
    case 60:
      return readBasic(method, fields, { by, channel });
    case 85:
      return method === 10 ? { kind: 'confirm-mode', channel } : undefined;
    case 90:
      return readTransaction(method, channel);
    default:
      return undefined;
  }
}

function readConnection(method: number, fields: MethodFields, by: Side): AmqpEvent | undefined {
  switch (method) {
    case 11:
      return readLogin(fields);
    case 40:
      return { kind: 'open', vhost: fields.shortText() };
    case 41:
      return { kind: 'opened' };
    case 50:
      return { kind: 'close', by, code: fields.short(), text: fields.shortText() };
    case 60:
      return { kind: 'blocked', reason: fields.shortText() };
    case 61:
      return { kind: 'unblocked' };
    default:
      return undefined;
  }
}

function readChannel(
  method: number,
  fields: MethodFields,
  { by, channel }: { readonly by: Side; readonly channel: number },
): AmqpEvent | undefined {
  switch (method) {
    case 10:
      return { kind: 'channel-open', channel };
    case 40:
      return { kind: 'channel-close', by, channel, code: fields.short(), text: fields.shortText() };
    default:
      return undefined;
  }
}

function readQueue(method: number, fields: MethodFields, channel: number): AmqpEvent | undefined {
  switch (method) {
    case 10:
      fields.skip(2);
      return { kind: 'declare', channel, queue: fields.shortText(), ...readArguments(fields) };
    case 11:
      return { kind: 'declared', channel, queue: fields.shortText() };
    case 20:
      fields.skip(2);
      return {
        kind: 'bind',
        channel,
        queue: fields.shortText(),
        exchange: fields.shortText(),
        routingKey: fields.shortText(),
      };
    default:
      return undefined;
  }
}

const wantedArguments = new Set(['x-dead-letter-exchange', 'x-dead-letter-routing-key', 'x-message-ttl']);

/** None where they are cut off: they may be longer than what is kept of a method. */
function readArguments(fields: MethodFields): QueueArguments {
  try {
    fields.skip(1);
    const table = readTable(fields, wantedArguments);
    const { 'x-dead-letter-exchange': exchange, 'x-dead-letter-routing-key': key } = table;
    const ttl = table['x-message-ttl'];
    return {
      ...(typeof exchange === 'string' ? { deadLetterExchange: exchange } : {}),
      ...(typeof key === 'string' ? { deadLetterRoutingKey: key } : {}),
      ...(typeof ttl === 'number' ? { ttlMs: ttl } : {}),
    };
  } catch {
    return {};
  }
}

/** What the broker confirms counts: it may refuse. */
function readTransaction(method: number, channel: number): AmqpEvent | undefined {
  switch (method) {
    case 11:
      return { kind: 'transaction', channel, step: 'select' };
    case 21:
      return { kind: 'transaction', channel, step: 'commit' };
    case 31:
      return { kind: 'transaction', channel, step: 'rollback' };
    default:
      return undefined;
  }
}
