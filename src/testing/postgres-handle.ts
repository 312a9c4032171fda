import type { QueryResult, WaitOptions } from '../session/contract.ts';

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
