import type {
  CopyOptions,
  QueryResult,
  ReceivedNotification,
  TableImage,
  WaitOptions,
} from '../session/contract.ts';
import type { DatabaseFaults } from './crash/service-faults.ts';
import type { Listener } from './listener.ts';

/** The database the worker under test uses. Its connection is opened on first use and closed by the environment. */
export interface PostgresHandle {
  /** The complete URL, password included. */
  readonly url: string;
  /** What goes wrong between it and workers with a tap. */
  readonly fault: DatabaseFaults;
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
  /** Repeats the query until it answers a row, and resolves with the first one. */
  waitForRow<Row = Record<string, unknown>>(
    text: string,
    values?: readonly unknown[],
    options?: WaitOptions & { readonly intervalMs?: number },
  ): Promise<Row>;
  /**
   * Begins to listen to a channel of NOTIFY, by its very name, and resolves when nothing can be missed any more. It ends with its
   * test; one that begins in a hook, with the file.
   */
  listen<Content = unknown>(channel: string): Promise<Listener<PostgresNotification<Content>>>;
  /**
   * Calls `work` with a transaction on a connection of its own, and resolves with what it returned: committed when it resolves,
   * rolled back when it throws, and when the test is over.
   *
   * @throws QUERY_FAILED also when a query in it failed and `work` caught that; WAIT_TIMEOUT when it does not end before the test does
   */
  transaction<T>(work: (transaction: PostgresTransaction) => T | Promise<T>): Promise<T>;
  /** Copies the rows of a table, for {@link sameRows}. @throws QUERY_FAILED */
  copyTable<Row = Record<string, unknown>>(table: string, options?: CopyOptions): Promise<TableCopy<Row>>;
  /**
   * Resolves when the table has the very rows it had, by what the server says of each column.
   *
   * @param after default: a copy that is made now
   * @throws ROWS_DIFFER with the rows
   */
  sameRows(copy: TableCopy<unknown>, after?: TableCopy<unknown>): Promise<void>;
}

/** Queries that are committed together. */
export interface PostgresTransaction {
  query<Row = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<QueryResult<Row>>;
}

/** The rows of a table as they were. */
export interface TableCopy<Row = Record<string, unknown>> {
  /** By the primary key, where there is one. */
  readonly rows: readonly Row[];
  /** What is compared. */
  readonly image: TableImage;
}

/** What came over a channel. */
export interface PostgresNotification<Content = unknown> extends ReceivedNotification {
  /** The payload: parsed where it looks like an object or an array of JSON, else the text. */
  readonly content: Content;
}
