import type { Arrival } from '../inbox.ts';
import type { ArrivalWait } from '../until-arrival.ts';

/** What the broker said about one queue. */
export interface QueueDepth {
  /** Messages that no consumer has taken yet; those taken and unacknowledged are not counted. */
  readonly ready: number;
  readonly consumers: number;
}

/** A message taken from a queue by a test. */
export interface ReceivedMessage {
  readonly content: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  /** True when it was given out before, to a worker or to `peek()`. */
  readonly redelivered: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
  /** Where it was dead-lettered, the last time first: its header `x-death`. */
  readonly deaths: readonly MessageDeath[];
}

/** One line of a message's `x-death`: the broker counts those of one queue and reason together. */
export interface MessageDeath {
  readonly queue: string;
  /** `rejected`, `expired`, `maxlen` or `delivery_limit`. */
  readonly reason: string;
  readonly count: number;
  /** It was published to, before it came to `queue`. */
  readonly exchange: string;
  readonly routingKeys: readonly string[];
  /** Of the first time. */
  readonly time: Date | undefined;
}

/** Where a message goes: the default exchange's queue of that name, or an exchange and a routing key. */
export type PublishTarget = string | { readonly exchange: string; readonly routingKey: string };

/** Message properties, as AMQP 0-9-1 names them. */
export interface PublishOptions {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly correlationId?: string;
  readonly replyTo?: string;
  /** Default: a random one. */
  readonly messageId?: string;
  readonly type?: string;
  readonly priority?: number;
  readonly persistent?: boolean;
  /** Time to live, in milliseconds. */
  readonly expiration?: number;
}

/** A queue, an exchange, or with both a binding, which the broker has until the test file is over. */
export type Declaration = QueueDeclaration | ExchangeDeclaration | BindingDeclaration;

export interface QueueDeclaration {
  readonly queue: string;
  /** Default true. */
  readonly durable?: boolean;
  /** Default false. */
  readonly autoDelete?: boolean;
  /** Such as `{ 'x-dead-letter-exchange': 'dead' }`. */
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** True: with nothing added that lets the broker remove it when Jest is killed, as a worker declares it too. */
  readonly exact?: boolean;
}

export interface ExchangeDeclaration {
  readonly exchange: string;
  readonly type: 'direct' | 'topic' | 'fanout' | 'headers';
  /** Default true. */
  readonly durable?: boolean;
  /** Default true, with `exact` false. */
  readonly autoDelete?: boolean;
  readonly arguments?: Readonly<Record<string, unknown>>;
  /** As that of a queue. */
  readonly exact?: boolean;
}

export interface BindingDeclaration {
  readonly queue: string;
  readonly exchange: string;
  /** Default: the empty one, as a fanout exchange takes it. */
  readonly routingKey?: string;
  /** Of a headers exchange. */
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** Where the messages go that a queue gives up. */
export interface DeadLetterPlace {
  /** The empty text is the default exchange; undefined: the broker does not tell. */
  readonly exchange: string | undefined;
  /** Undefined: each message's own. */
  readonly routingKey: string | undefined;
  /** Where they lie. */
  readonly queues: readonly string[];
}

/** What tests ask of a broker. All throw ARGUMENT_INVALID, BROKER_REFUSED, WAIT_TIMEOUT, SERVICE_UNAVAILABLE. */
export interface RabbitmqOperations {
  /** @throws MESSAGE_UNROUTABLE */
  publish(target: PublishTarget, content: Buffer, options: PublishOptions): Promise<void>;
  /** Takes and acknowledges one message; null when there is none. */
  get(queue: string): Promise<ReceivedMessage | null>;
  /** Resolves with the number of dropped messages. */
  purge(queue: string): Promise<number>;
  depth(queue: string): Promise<QueueDepth>;
  declare(declarations: readonly Declaration[]): Promise<void>;
  /** Of a queue that a worker of the file made, or is going to. */
  removeAtEnd(queue: string): Promise<void>;
  /** Begins to consume; resolves with the number that stands for the listener in the operations below. */
  listen(target: PublishTarget): Promise<number>;
  /**
   * Publishes with an address for the answer, and listens there.
   *
   * @param silence why there may be no answer
   * @throws MESSAGE_UNROUTABLE
   */
  call(
    target: PublishTarget,
    content: Buffer,
    options: PublishOptions,
    silence: string | null,
  ): Promise<number>;
  /** @throws CALL_FAILED, always: here a secret in what the worker answered is masked */
  failCall(listener: number, summary: string, error: unknown): Promise<never>;
  /** Those that came to a listener and were not taken, as soon as there is one. */
  arrivals(listener: number, wait: ArrivalWait): Promise<readonly Arrival<ReceivedMessage>[]>;
  /** The same, without waiting. */
  arrived(listener: number): Promise<readonly Arrival<ReceivedMessage>[]>;
  /** Takes it for good; false when somebody else has. */
  take(listener: number, number: number): Promise<boolean>;
  /** What came and was not taken goes back to its queue. */
  stopListening(listener: number): Promise<void>;
  /** Looks at the first messages of a queue, which stay there. */
  peek(queue: string, limit: number): Promise<readonly ReceivedMessage[]>;
  /** Takes all that waits. */
  drain(queue: string): Promise<readonly ReceivedMessage[]>;
  /** @param where.in the queue they lie in, where the broker does not tell; `limit` of them are looked at in each */
  deadLetters(
    queue: string,
    where: { readonly in?: string; readonly limit: number },
  ): Promise<DeadLetterPlace & { readonly messages: readonly ReceivedMessage[] }>;
}
