import type { NotUnderstoodEvent } from '../not-understood.ts';

/** Who sent it: the worker is the client, the broker is the server. */
export type Side = 'client' | 'server';

/** What the head of a message tells of it. */
export interface MessageProperties {
  readonly messageId?: string;
  readonly correlationId?: string;
  /** How long it may wait in a queue. */
  readonly expirationMs?: number;
  /** How long an exchange of delayed messages keeps it: its header `x-delay`. */
  readonly delayMs?: number;
  /** Of a message of Celery: what is to be done, and not before when, in milliseconds since the Unix epoch. */
  readonly task?: string;
  readonly etaMs?: number;
}

/** What a queue is declared with, as far as it says where its messages go by themselves. */
export interface QueueArguments {
  readonly deadLetterExchange?: string;
  readonly deadLetterRoutingKey?: string;
  /** `x-message-ttl` */
  readonly ttlMs?: number;
}

interface OfChannel {
  readonly channel: number;
}

/** What a connection of AMQP 0-9-1 carried, without contents. */
export type AmqpEvent =
  | { readonly kind: 'protocol' }
  | { readonly kind: 'login'; readonly mechanism: string; readonly user: string | undefined }
  | { readonly kind: 'open'; readonly vhost: string }
  | { readonly kind: 'opened' }
  | { readonly kind: 'close'; readonly by: Side; readonly code: number; readonly text: string }
  | { readonly kind: 'blocked'; readonly reason: string }
  | { readonly kind: 'unblocked' }
  | { readonly kind: 'heartbeat'; readonly by: Side }
  | AmqpChannelEvent
  | NotUnderstoodEvent;

export type AmqpChannelEvent = OfChannel &
  (
    | { readonly kind: 'channel-open' }
    | { readonly kind: 'channel-close'; readonly by: Side; readonly code: number; readonly text: string }
    | ({ readonly kind: 'declare'; readonly queue: string } & QueueArguments)
    | { readonly kind: 'declared'; readonly queue: string }
    | {
        readonly kind: 'bind';
        readonly queue: string;
        readonly exchange: string;
        readonly routingKey: string;
      }
    | { readonly kind: 'qos'; readonly count: number; readonly isGlobal: boolean }
    | {
        readonly kind: 'consume';
        readonly queue: string;
        /** Empty where the broker is to choose it. */
        readonly consumer: string;
        readonly noAck: boolean;
        readonly noWait: boolean;
      }
    | { readonly kind: 'consuming'; readonly consumer: string }
    | { readonly kind: 'cancel'; readonly by: Side; readonly consumer: string; readonly noWait: boolean }
    | { readonly kind: 'cancelled'; readonly by: Side; readonly consumer: string }
    | { readonly kind: 'publish'; readonly exchange: string; readonly routingKey: string }
    | {
        readonly kind: 'returned';
        readonly code: number;
        readonly text: string;
        readonly exchange: string;
        readonly routingKey: string;
      }
    | {
        readonly kind: 'deliver';
        readonly consumer: string;
        readonly delivery: number;
        readonly redelivered: boolean;
        readonly exchange: string;
        readonly routingKey: string;
      }
    | { readonly kind: 'get'; readonly queue: string; readonly noAck: boolean }
    | {
        readonly kind: 'got';
        readonly delivery: number;
        readonly redelivered: boolean;
        readonly exchange: string;
        readonly routingKey: string;
      }
    | { readonly kind: 'got-nothing' }
    | { readonly kind: 'ack'; readonly by: Side; readonly delivery: number; readonly multiple: boolean }
    | {
        readonly kind: 'nack';
        readonly by: Side;
        readonly delivery: number;
        readonly multiple: boolean;
        readonly requeue: boolean;
      }
    | { readonly kind: 'reject'; readonly delivery: number; readonly requeue: boolean }
    /** Of the message that was published, delivered, got or returned right before it. */
    | { readonly kind: 'content'; readonly by: Side; readonly properties: MessageProperties }
    | { readonly kind: 'recovered' }
    | { readonly kind: 'confirm-mode' }
    | { readonly kind: 'transaction'; readonly step: 'select' | 'commit' | 'rollback' }
  );
