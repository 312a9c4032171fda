import type { AmqpChannelEvent, MessageProperties } from '../amqp/amqp-event.ts';
import type { DeliveryEnd, FactSink } from '../flow/tap-fact.ts';
import type { TappedConsumer } from './tap-sight.ts';

/** A message that was sent to the worker. */
export interface Delivery {
  readonly delivery: number;
  readonly queue: string;
  readonly atMs: number;
  readonly redelivered: boolean;
  readonly exchange: string;
  readonly routingKey: string;
  readonly noAck: boolean;
  properties: MessageProperties;
}

type Sent = Pick<
  Extract<AmqpChannelEvent, { readonly kind: 'deliver' | 'got' }>,
  'delivery' | 'redelivered' | 'exchange' | 'routingKey'
>;

/** Of one channel: beyond that nobody reads them one by one. */
const mostDeliveries = 10_000;

/** One channel of a worker: who consumes on it, and what was delivered on it and is not acknowledged. */
export class AmqpChannelState {
  readonly #sink: FactSink;
  /** By their tags. */
  readonly consumers = new Map<string, TappedConsumer>();
  /** By their tags, in order; a tag counts on its channel alone. */
  readonly unacknowledged = new Map<number, Delivery>();
  /** Asked for and not answered, in order: a broker answers in order. */
  readonly #consumes: { readonly consumer: string; readonly queue: string; readonly noAck: boolean }[] = [];
  readonly #gets: { readonly queue: string; readonly noAck: boolean }[] = [];
  #lastDeclared = '';
  /** Their contents follow at once. */
  #incoming: Delivery | undefined;
  #outgoing: { readonly exchange: string; readonly routingKey: string } | undefined;

  constructor(sink: FactSink) {
    this.#sink = sink;
  }

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
      case 'publish':
        this.#outgoing = { exchange: event.exchange, routingKey: event.routingKey };
        break;
      case 'returned':
        this.#incoming = undefined;
        this.#sink.note({ kind: 'returned', exchange: event.exchange, routingKey: event.routingKey }, nowMs);
        break;
      case 'deliver':
        this.#deliver(event, this.consumers.get(event.consumer), nowMs);
        break;
      case 'get':
        this.#gets.push({ queue: this.#queueOf(event.queue), noAck: event.noAck });
        break;
      case 'got':
        this.#deliver(event, this.#gets.shift(), nowMs);
        break;
      case 'got-nothing':
        this.#gets.shift();
        break;
      case 'content':
        this.#takeContent(event, nowMs);
        break;
      case 'ack':
        // Those of a broker confirm what was published.
        if (event.by === 'client') this.#settle('acknowledged', event, nowMs);
        break;
      case 'nack':
        if (event.by === 'client') this.#settle(event.requeue ? 'requeued' : 'rejected', event, nowMs);
        break;
      case 'reject':
        this.#settle(event.requeue ? 'requeued' : 'rejected', { ...event, multiple: false }, nowMs);
        break;
      case 'recovered':
        this.#end('requeued', [...this.unacknowledged.keys()], nowMs);
        break;
      case 'channel-open':
      case 'channel-close':
      case 'declare':
      case 'bind':
      case 'qos':
      case 'confirm-mode':
      case 'transaction':
        break;
      default:
        event satisfies never;
    }
  }

  /** What it has not acknowledged goes back to its queues. */
  end(nowMs: number): void {
    this.#end('released', [...this.unacknowledged.keys()], nowMs);
  }

  #consume(consume: Extract<AmqpChannelEvent, { readonly kind: 'consume' }>): void {
    if (consume.noWait) this.consumers.set(consume.consumer, consumer(consume));
    else this.#consumes.push(consume);
  }

  /** No name means the queue that was declared last on the channel. */
  #queueOf(name: string): string {
    return name === '' ? this.#lastDeclared : name;
  }

  #deliver(sent: Sent, from: TappedConsumer | undefined, nowMs: number): void {
    this.#incoming = undefined;
    if (!from) return;
    const { redelivered, exchange, routingKey } = sent;
    const delivery = { delivery: this.#sink.newId(), atMs: nowMs, redelivered, exchange, routingKey };
    this.#incoming = { ...delivery, ...consumer(from), properties: {} };
    if (from.noAck || this.unacknowledged.size >= mostDeliveries) return;
    this.unacknowledged.set(sent.delivery, this.#incoming);
  }

  #takeContent(
    { by, properties }: Extract<AmqpChannelEvent, { readonly kind: 'content' }>,
    nowMs: number,
  ): void {
    if (by === 'client') {
      if (this.#outgoing) this.#sink.note({ kind: 'published', ...this.#outgoing, properties }, nowMs);
      this.#outgoing = undefined;
      return;
    }
    const incoming = this.#incoming;
    this.#incoming = undefined;
    if (!incoming) return;
    incoming.properties = properties;
    const { atMs: _, ...delivered } = incoming;
    this.#sink.note({ kind: 'delivered', ...delivered }, nowMs);
  }

  /** With `multiple`, all up to the tag; 0 means every one. */
  #settle(
    how: DeliveryEnd,
    { delivery: tag, multiple }: { readonly delivery: number; readonly multiple: boolean },
    nowMs: number,
  ): void {
    this.#end(how, multiple ? this.#upTo(tag) : [tag], nowMs);
  }

  #upTo(tag: number): readonly number[] {
    const tags: number[] = [];
    for (const known of this.unacknowledged.keys()) {
      if (tag !== 0 && known > tag) break;
      tags.push(known);
    }
    return tags;
  }

  #end(how: DeliveryEnd, tags: readonly number[], nowMs: number): void {
    const byQueue = new Map<string, number[]>();
    for (const tag of tags) {
      const known = this.unacknowledged.get(tag);
      if (!known) continue;
      this.unacknowledged.delete(tag);
      const deliveries = byQueue.get(known.queue) ?? [];
      deliveries.push(known.delivery);
      byQueue.set(known.queue, deliveries);
    }
    for (const [queue, deliveries] of byQueue) this.#sink.note({ kind: how, queue, deliveries }, nowMs);
  }
}

function consumer({ queue, noAck }: TappedConsumer): TappedConsumer {
  return { queue, noAck };
}
