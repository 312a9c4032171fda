import type {
  PublishOptions,
  PublishTarget,
  QueryResult,
  QueueDepth,
  ReceivedMessage,
  WaitOptions,
} from '../session/contract.ts';

/** The broker the worker under test uses. Its connection is opened on first use and closed by the environment. */
export interface RabbitmqHandle {
  /** The complete URL, password included. */
  readonly url: string;
  /**
   * Publishes, and resolves when the broker has taken responsibility. Strings and Buffers are sent as they are, anything
   * else as JSON.
   *
   * @throws MESSAGE_UNROUTABLE when no queue takes it.
   */
  publish(target: PublishTarget, content: unknown, options?: PublishOptions): Promise<void>;
  /** Takes and acknowledges one message, or resolves with null when there is none. */
  get(queue: string): Promise<ReceivedMessage | null>;
  /** Drops the messages no consumer has taken, and resolves with their number. */
  purge(queue: string): Promise<number>;
  depth(queue: string): Promise<QueueDepth>;
}

/** The database the worker under test uses. Its connection is opened on first use and closed by the environment. */
export interface PostgresHandle {
  /** The complete URL, password included. */
  readonly url: string;
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
  /** Repeats the query until it answers a row, and resolves with the first one. */
  waitForRow<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: WaitOptions & { readonly intervalMs?: number },
  ): Promise<Row>;
}
