import type { MessageProperties, QueueArguments } from '../amqp/amqp-event.ts';

/** A message as it stands on the wire, without its content. */
interface SeenMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly properties: MessageProperties;
}

/** How a delivery was over: `released` by the end of its channel or connection, which returns it to its queue. */
export type DeliveryEnd = 'acknowledged' | 'rejected' | 'requeued' | 'released';

export interface Delivered extends SeenMessage {
  readonly kind: 'delivered';
  /** Tells it from every other of the worker; a redelivery is another one. */
  readonly delivery: number;
  readonly queue: string;
  readonly redelivered: boolean;
  /** The broker counts it as done. */
  readonly noAck: boolean;
}

/** What a worker did, as far as it follows from one connection. */
export type TapFact =
  | Delivered
  | ({ readonly kind: 'published' } & SeenMessage)
  /** No queue took it. */
  | { readonly kind: 'returned'; readonly exchange: string; readonly routingKey: string }
  | { readonly kind: DeliveryEnd; readonly queue: string; readonly deliveries: readonly number[] }
  | StatementDone
  | {
      readonly kind: 'transaction';
      readonly transaction: number;
      readonly startedMs: number;
      readonly outcome: 'committed' | 'rolled back';
    };

interface StatementDone {
  readonly kind: 'statement';
  readonly sql: string;
  readonly startedMs: number;
  /** What the server said of it: `INSERT 0 1`; of several in one query, all. */
  readonly tag?: string;
  /** The error it ended with. */
  readonly sqlState?: string;
  /** It was part of a transaction that lasted beyond it. */
  readonly transaction?: number;
}

/** A queue, or a binding, that the worker declared: said again, it is the same. */
export type Declared =
  | ({ readonly kind: 'queue'; readonly vhost: string; readonly queue: string } & QueueArguments)
  | {
      readonly kind: 'binding';
      readonly vhost: string;
      readonly queue: string;
      readonly exchange: string;
      readonly routingKey: string;
    };

/** Where what follows from a connection goes. */
export interface FactSink {
  /** @param open what was not acknowledged when it began, where that was before now */
  note(fact: TapFact, nowMs: number, open?: readonly number[]): void;
  declare(declared: Declared): void;
  /** For a delivery or a transaction. */
  newId(): number;
  /** The deliveries the worker has not acknowledged, on any connection; undefined where they are many. */
  openDeliveries(): readonly number[] | undefined;
}

/** Where nobody wants to know. */
export const noSink: FactSink = {
  note() {},
  declare() {},
  newId: () => 0,
  openDeliveries: () => undefined,
};
