import type { AmqpChannelEvent } from '../amqp/amqp-event.ts';
import type { TappedConsumer } from './tap-sight.ts';

interface Delivery {
  readonly queue: string;
  readonly atMs: number;
}

/** Of one channel: beyond that nobody reads them one by one. */
const mostDeliveries = 10_000;

/** One channel of a worker: who consumes on it, and what was delivered on it and is not acknowledged. */
export class AmqpChannelState {
  /** By their tags. */
  readonly consumers = new Map<string, TappedConsumer>();
  /** By their tags, in order; a tag counts on its channel alone. */
  readonly unacknowledged = new Map<number, Delivery>();
  /** Asked for and not answered, in order: a broker answers in order. */
  readonly #consumes: { readonly consumer: string; readonly queue: string; readonly noAck: boolean }[] = [];
  readonly #gets: { readonly queue: string; readonly noAck: boolean }[] = [];
  #lastDeclared = '';

  apply(event: AmqpChannelEvent, nowMs: number): void {
    switch (event.kind) {
      case 'declared':
        this.#lastDeclared = event.queue;
        break;
      case 'consume':
        this.#consume({ ...event, queue: this.#queueOf(event.queue) });
        break;
      case 'consuming': {
        const consume = this.#consumes.shift();
        if (consume) this.consumers.set(event.consumer, consumer(consume));
        break;
      }
      case 'cancel':
        // A broker that cancels waits for no answer of a client that did not ask for one.
        if (event.by === 'server' || event.noWait) this.consumers.delete(event.consumer);
        break;
      case 'cancelled':
        this.consumers.delete(event.consumer);
        break;
      case 'deliver': {
        const from = this.consumers.get(event.consumer);
        if (from && !from.noAck) this.#deliver(event.delivery, from.queue, nowMs);
        break;
      }
      case 'get':
        this.#gets.push({ queue: this.#queueOf(event.queue), noAck: event.noAck });
        break;
      case 'got': {
        const get = this.#gets.shift();
        if (get && !get.noAck) this.#deliver(event.delivery, get.queue, nowMs);
        break;
      }
      case 'got-nothing':
        this.#gets.shift();
        break;
      case 'ack':
      case 'nack':
        // Those of a broker confirm what was published.
        if (event.by === 'client') this.#settle(event.delivery, event.multiple);
        break;
      case 'reject':
        this.#settle(event.delivery, false);
        break;
      case 'recovered':
        this.unacknowledged.clear();
        break;
      case 'channel-open':
      case 'channel-close':
      case 'declare':
      case 'qos':
      case 'publish':
      case 'returned':
      case 'confirm-mode':
      case 'transaction':
        break;
      default:
        event satisfies never;
    }
  }

  #consume(consume: Extract<AmqpChannelEvent, { readonly kind: 'consume' }>): void {
    if (consume.noWait) this.consumers.set(consume.consumer, consumer(consume));
    else this.#consumes.push(consume);
  }

  /** No name means the queue that was declared last on the channel. */
  #queueOf(name: string): string {
    return name === '' ? this.#lastDeclared : name;
  }

  #deliver(tag: number, queue: string, atMs: number): void {
    if (this.unacknowledged.size < mostDeliveries) this.unacknowledged.set(tag, { queue, atMs });
  }

  /** With `multiple`, all up to the tag; 0 means every one. */
  #settle(tag: number, multiple: boolean): void {
    if (!multiple) {
      this.unacknowledged.delete(tag);
      return;
    }
    for (const known of this.unacknowledged.keys()) {
      if (tag !== 0 && known > tag) break;
      this.unacknowledged.delete(known);
    }
  }
}

function consumer({ queue, noAck }: TappedConsumer): TappedConsumer {
  return { queue, noAck };
}
