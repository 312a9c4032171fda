import type { AmqpEvent } from '../amqp/amqp-event.ts';
import { type FactSink, noSink } from '../flow/tap-fact.ts';
import type { AmqpReading } from '../flow/tap-reading.ts';
import { AmqpChannelState } from './amqp-channel-state.ts';
import type { Refusal } from './refusals.ts';
import type { AmqpSight, TappedConsumer, Unacknowledged } from './tap-sight.ts';

/** As many as a client may open. */
const mostChannels = 65_535;
/** What a side that closes without a reproach says. */
const success = 200;

/** Of the deliveries of a connection, those that are told one by one. */
const mostTold = 100;

/** What follows from the events of one AMQP connection of a worker. */
export class AmqpState {
  readonly #channels = new Map<number, AmqpChannelState>();
  readonly #sink: FactSink;
  #user: string | undefined;
  #vhost: string | undefined;
  #isOpen = false;

  constructor(sink: FactSink = noSink) {
    this.#sink = sink;
  }

  /** @returns what the broker refused by this event, if it did */
  apply(event: AmqpEvent, nowMs: number): Refusal | undefined {
    switch (event.kind) {
      case 'login':
        this.#user = event.user;
        return undefined;
      case 'open':
        this.#vhost = event.vhost;
        return undefined;
      case 'opened':
        this.#isOpen = true;
        return undefined;
      case 'close':
        this.end(nowMs);
        return refusalOf(event, true);
      case 'channel-close':
        this.#channels.get(event.channel)?.end(nowMs);
        this.#channels.delete(event.channel);
        return refusalOf(event, false);
      case 'protocol':
      case 'blocked':
      case 'unblocked':
      case 'heartbeat':
      case 'not-understood':
        return undefined;
      case 'bind': {
        const { queue, exchange, routingKey } = event;
        this.#sink.declare({ kind: 'binding', vhost: this.#vhost ?? '/', queue, exchange, routingKey });
        return undefined;
      }
      case 'declare':
        this.#declare(event);
        this.#channel(event.channel).apply(event, nowMs);
        return undefined;
      default:
        this.#channel(event.channel).apply(event, nowMs);
        return undefined;
    }
  }

  /** Undefined before something happened on it, and when it is closed. */
  channelOf(number: number): AmqpChannelState | undefined {
    return this.#channels.get(number);
  }

  channelNumbers(): readonly number[] {
    return [...this.#channels.keys()];
  }

  /** Its messages go back to their queues, and its consumers are none any more. */
  end(nowMs: number): void {
    for (const channel of this.#channels.values()) channel.end(nowMs);
    this.#channels.clear();
  }

  /** @param toMachineMs of the times of `apply` */
  reading(toMachineMs: (ms: number) => number): AmqpReading {
    const channels = [...this.#channels.values()];
    const open = channels.flatMap(({ unacknowledged }) => [...unacknowledged.values()]);
    return {
      vhost: this.#vhost ?? '/',
      consumers: consumersOf(channels),
      deliveries: open
        .toSorted((one, other) => one.atMs - other.atMs)
        .slice(0, mostTold)
        .map(({ noAck: _, ...delivery }) => ({ ...delivery, atMs: toMachineMs(delivery.atMs) })),
      unacknowledged: open.length,
    };
  }

  sight(nowMs: number): AmqpSight {
    const channels = [...this.#channels.values()];
    return {
      user: this.#user,
      vhost: this.#vhost,
      isOpen: this.#isOpen,
      consumers: consumersOf(channels),
      unacknowledged: countByQueue(channels, nowMs),
    };
  }

  /** One without a name gets it from the broker. */
  #declare({ kind: _, channel: __, ...declared }: Extract<AmqpEvent, { readonly kind: 'declare' }>): void {
    if (declared.queue === '') return;
    this.#sink.declare({ kind: 'queue', vhost: this.#vhost ?? '/', ...declared });
  }

  #channel(number: number): AmqpChannelState {
    const channel = this.#channels.get(number) ?? new AmqpChannelState(this.#sink);
    if (this.#channels.size < mostChannels) this.#channels.set(number, channel);
    return channel;
  }
}

function consumersOf(channels: readonly AmqpChannelState[]): readonly TappedConsumer[] {
  return channels.flatMap(({ consumers }) => [...consumers.values()]);
}

function countByQueue(channels: readonly AmqpChannelState[], nowMs: number): readonly Unacknowledged[] {
  const counts = new Map<string, { messages: number; oldestMs: number }>();
  for (const { unacknowledged } of channels) {
    for (const { queue, atMs } of unacknowledged.values()) {
      const { messages, oldestMs } = counts.get(queue) ?? { messages: 0, oldestMs: 0 };
      counts.set(queue, { messages: messages + 1, oldestMs: Math.max(oldestMs, nowMs - atMs) });
    }
  }
  return [...counts].map(([queue, count]) => ({ queue, ...count }));
}

function refusalOf(
  { by, code, text }: { readonly by: 'client' | 'server'; readonly code: number; readonly text: string },
  isFinal: boolean,
): Refusal | undefined {
  if (by === 'client' || code === success) return undefined;
  return { code: String(code), text, isFinal };
}
