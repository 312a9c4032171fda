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
  readonly redelivered: boolean;
  readonly properties: Readonly<Record<string, unknown>>;
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
  readonly messageId?: string;
  readonly type?: string;
  readonly priority?: number;
  readonly persistent?: boolean;
  /** Time to live, in milliseconds. */
  readonly expiration?: number;
}

/** What tests ask of a broker. All throw BROKER_REFUSED, WAIT_TIMEOUT, SERVICE_UNAVAILABLE. */
export interface RabbitmqOperations {
  /** @throws MESSAGE_UNROUTABLE */
  publish(target: PublishTarget, content: Buffer, options: PublishOptions): Promise<void>;
  /** Takes and acknowledges one message; null when there is none. */
  get(queue: string): Promise<ReceivedMessage | null>;
  /** Resolves with the number of dropped messages. */
  purge(queue: string): Promise<number>;
  depth(queue: string): Promise<QueueDepth>;
}
