import { LiveWorkerError } from '../errors.ts';
import type { DatabaseAnswer, DatabaseConnection } from '../probe/postgres/database-connection.ts';
import { judgeDatabaseError } from '../probe/postgres/judge-database-error.ts';

/** @throws QUERY_FAILED with the SQLSTATE and the place in the query. */
export async function queryDatabase(
  connection: DatabaseConnection,
  text: string,
  values: readonly unknown[],
): Promise<DatabaseAnswer> {
  try {
    return await connection.query(text, values);
  } catch (error) {
    const { code, detail, hint } = error as {
      readonly code?: string;
      readonly detail?: string;
      readonly hint?: string;
    };
    const lines = [
      `Postgres refused the query: ${judgeDatabaseError(error, connection.address).why}`,
      detail,
      hint,
      `query: ${text.trim()}`,
    ];
    throw new LiveWorkerError('QUERY_FAILED', lines.filter(line => line !== undefined).join('\n'), {
      details: { query: text, sqlState: code ?? null },
      cause: error,
    });
  }
}
