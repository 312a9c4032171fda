import { createHash, type Hash } from 'node:crypto';
import type { AmqpEvent, Side } from '../amqp/amqp-event.ts';
import { readMethod } from '../amqp/read-method.ts';
import type { AmqpState } from '../state/amqp-state.ts';
import type { Answer, Effect } from './effect.ts';
import type { EffectReader, InFlight } from './effect-reader.ts';
import { readContentHead } from './read-ids.ts';
import type { Unit } from './unit-cutter.ts';
import { amqpLayout, frameType } from './unit-layouts.ts';

const headSize = 7;
const mostInFlight = 100;
const mostKnown = 10_000;

/** A message of which the method has passed. */
interface Content {
  readonly effect: Effect;
  readonly digest: Hash;
  /** Octets that are missing; undefined before its head came. */
  left: number | undefined;
}

/** What one channel has told besides what its state keeps. */
interface ChannelEffects {
  /** Publications since confirms were asked for. */
  published: number | undefined;
  readonly gets: string[];
  readonly delivered: Map<number, Effect>;
  readonly contents: { client?: Content | undefined; server?: Content | undefined };
}

/** Publications, deliveries and acknowledgements on one AMQP connection. */
export class AmqpEffects implements EffectReader {
  readonly layout = amqpLayout;
  readonly sides = ['client', 'server'] as const;
  readonly #state: AmqpState;
  readonly #channels = new Map<number, ChannelEffects>();
  /** The frame of each side whose end has not passed. */
  readonly #frames: { client: Frame; server: Frame } = { client: noFrame, server: noFrame };

  constructor(state: AmqpState) {
    this.#state = state;
  }

  /** Of every event, behind the state. */
  apply(event: AmqpEvent): void {
    if (!('channel' in event)) return;
    switch (event.kind) {
      case 'confirm-mode':
        this.#channel(event.channel).published ??= 0;
        break;
      case 'publish': {
        const channel = this.#channels.get(event.channel);
        if (channel?.published !== undefined) channel.published += 1;
        break;
      }
      case 'get':
        this.#channel(event.channel).gets.push(event.queue);
        break;
      case 'got':
      case 'got-nothing':
        this.#channel(event.channel).gets.shift();
        break;
      case 'channel-close':
        this.#channels.delete(event.channel);
        break;
      default:
    }
  }

  begin(side: Side, { bytes, isFirst }: Unit): Effect | undefined {
    if (!isFirst) return undefined;
    const channel = bytes.readUInt16BE(1);
    const size = bytes.readUInt32BE(3);
    this.#frames[side] = { type: bytes[0] as number, channel };
    if (bytes[0] === frameType.contentHead) this.#readContentHead(side, channel, bytes, size);
    if (bytes[0] !== frameType.method) return undefined;
    const end = Math.min(bytes.length, headSize + size);
    const event = readOrNothing(() => readMethod({ bytes, start: headSize, end, channel, by: side }));
    if (!event || !('channel' in event)) return undefined;
    this.#channel(channel).contents[side] = undefined;
    return this.#effectOf(side, event);
  }

  complete(side: Side, unit: Unit): Effect | undefined {
    const { type, channel, effect } = this.#frames[side];
    if (type === frameType.method) return unit.isLast ? effect : undefined;
    const content = this.#channels.get(channel)?.contents[side];
    if (!content || content.left === undefined) return undefined;
    if (type === frameType.body) {
      const payload = unit.bytes.subarray(
        unit.isFirst ? headSize : 0,
        unit.bytes.length - (unit.isLast ? 1 : 0),
      );
      content.digest.update(payload);
      content.left -= payload.length;
    }
    if (content.left > 0 || !unit.isLast) return undefined;
    this.#channel(channel).contents[side] = undefined;
    content.effect.digest = content.digest.digest('base64');
    return content.effect;
  }

  judge(answer: Answer, event: AmqpEvent): 'taken' | 'refused' | undefined {
    if (answer.kind !== 'confirm') return undefined;
    if (event.kind === 'close') return 'refused';
    if (!('channel' in event) || event.channel !== answer.channel) return undefined;
    if (event.kind === 'channel-close') return 'refused';
    if (event.kind !== 'ack' && event.kind !== 'nack') return undefined;
    const isIt = event.multiple ? event.delivery >= answer.number : event.delivery === answer.number;
    if (event.by !== 'server' || !isIt) return undefined;
    return event.kind === 'ack' ? 'taken' : 'refused';
  }

  inFlight(): InFlight {
    const messages = this.#state
      .channelNumbers()
      .flatMap(number =>
        [...(this.#state.channelOf(number)?.unacknowledged ?? [])].map(
          ([tag, { queue }]) =>
            this.#channels.get(number)?.delivered.get(tag) ?? ({ kind: 'deliver', queue } as const),
        ),
      )
      .slice(0, mostInFlight);
    return { messages, transactions: [] };
  }

  #effectOf(side: Side, event: Extract<AmqpEvent, { readonly channel: number }>): Effect | undefined {
    const { channel } = event;
    if (side === 'client' && event.kind === 'publish') {
      const { exchange, routingKey } = event;
      const { published } = this.#channel(channel);
      const answer: Answer | undefined =
        published === undefined ? undefined : { kind: 'confirm', channel, number: published + 1 };
      return this.#beginContent(side, channel, {
        kind: 'publish',
        exchange,
        routingKey,
        ...(answer ? { answer } : {}),
      });
    }
    if (side === 'server' && (event.kind === 'deliver' || event.kind === 'got')) {
      const queue =
        event.kind === 'deliver'
          ? this.#state.channelOf(channel)?.consumers.get(event.consumer)?.queue
          : this.#channel(channel).gets[0];
      const { exchange, routingKey, redelivered } = event;
      const effect: Effect = {
        kind: 'deliver',
        exchange,
        routingKey,
        redelivered,
        ...(queue === undefined ? {} : { queue }),
      };
      const { delivered } = this.#channel(channel);
      if (delivered.size >= mostKnown) delivered.delete(delivered.keys().next().value as number);
      delivered.set(event.delivery, effect);
      return this.#beginContent(side, channel, effect);
    }
    if (side === 'client' && (event.kind === 'ack' || event.kind === 'nack' || event.kind === 'reject')) {
      const effect = this.#acknowledged(channel, event);
      this.#frames[side].effect = effect;
      return effect;
    }
    return undefined;
  }

  #acknowledged(
    channel: number,
    { kind, delivery }: { readonly kind: 'ack' | 'nack' | 'reject'; readonly delivery: number },
  ): Effect {
    const open = this.#state.channelOf(channel)?.unacknowledged;
    // All of them, by the last.
    const tag = delivery === 0 ? ([...(open?.keys() ?? [])].at(-1) ?? 0) : delivery;
    const queue = open?.get(tag)?.queue;
    const known = this.#channels.get(channel)?.delivered;
    const message = known?.get(tag);
    known?.delete(tag);
    const { kind: _, answer: __, digest: ___, ...told } = message ?? { kind: 'deliver' };
    return { ...told, ...(queue === undefined ? {} : { queue }), kind: 'ack', how: kind };
  }

  #beginContent(side: Side, channel: number, effect: Effect): Effect {
    this.#channel(channel).contents[side] = { effect, digest: createHash('sha1'), left: undefined };
    return effect;
  }

  #readContentHead(side: Side, channel: number, bytes: Buffer, size: number): void {
    const content = this.#channels.get(channel)?.contents[side];
    const end = Math.min(bytes.length, headSize + size);
    const head = content && readOrNothing(() => readContentHead(bytes, headSize, end));
    if (!content || !head) return;
    content.left = head.size;
    content.effect.ids = head.ids;
  }

  #channel(number: number): ChannelEffects {
    const known = this.#channels.get(number);
    if (known) return known;
    const channel = { published: undefined, gets: [], delivered: new Map(), contents: {} };
    this.#channels.set(number, channel);
    return channel;
  }
}

interface Frame {
  readonly type: number;
  readonly channel: number;
  /** Of its method, where that is all of it. */
  effect?: Effect;
}

const noFrame: Frame = { type: 0, channel: 0 };

/** What cannot be read makes a pipe of the connection, which its reader sees to. */
function readOrNothing<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
