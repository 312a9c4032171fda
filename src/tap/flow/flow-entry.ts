/** How an entry is known to be the doing of the running test. */
export type FlowProof =
  /** It follows from a message that the test published by its fixture. */
  | 'exact'
  /** It happened while this test alone ran on the worker. */
  | 'window'
  /** It need not be of this test: others ran too, or it follows from a message of an earlier one. */
  | 'none';

interface FlowEntryBase {
  /** Milliseconds since the test began. */
  readonly atMs: number;
  readonly worker: string;
  /** Of the process that holds the connection, where that can still be seen. */
  readonly pid?: number;
  /** `amqp 1`, `postgres 2`: connections of the worker in the order they were opened. */
  readonly connection: string;
  readonly via: FlowProof;
  /** The delivery it belongs to: alike for all that belong to one. Where several were open at once, one of these. */
  readonly delivery?: number | { readonly oneOf: readonly number[] };
}

/** One thing a worker did. */
export type FlowEntry = FlowEntryBase &
  (
    | {
        readonly kind: 'delivered';
        readonly queue: string;
        readonly exchange: string;
        readonly routingKey: string;
        readonly redelivered: boolean;
        readonly messageId?: string;
        /** Of a message of Celery. */
        readonly task?: string;
      }
    | {
        readonly kind: 'published';
        readonly exchange: string;
        readonly routingKey: string;
        readonly messageId?: string;
      }
    /** A publication that no queue took. */
    | { readonly kind: 'returned'; readonly exchange: string; readonly routingKey: string }
    /** `requeued`: back to its queue, by the worker; `released`: by the end of its channel. */
    | { readonly kind: 'acknowledged' | 'requeued' | 'released'; readonly queue: string }
    | {
        readonly kind: 'rejected';
        readonly queue: string;
        /** The queues its dead letters go to, where the worker declared that. */
        readonly deadLetters?: readonly string[];
      }
    | {
        readonly kind: 'statement';
        readonly sql: string;
        readonly durationMs: number;
        /** What the server said: `INSERT 0 1`. */
        readonly tag?: string;
        /** The error it ended with. */
        readonly sqlState?: string;
        /** Alike for all of one transaction; left out in autocommit. */
        readonly transaction?: number;
      }
    | {
        readonly kind: 'transaction';
        readonly transaction: number;
        readonly outcome: 'committed' | 'rolled back';
        readonly durationMs: number;
      }
  );

/** What the workers of a test did since it began. */
export interface FlowData {
  /** In the order it happened; of very many the last 10 000 of each worker. */
  readonly entries: readonly FlowEntry[];
  /** How many there were that are not among the entries. */
  readonly missed: number;
  /** By message and shape, without what differs from one time to the next. */
  readonly text: string;
}
