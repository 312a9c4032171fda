import type { Asker } from '../service.ts';
import type { DatabaseAnswer, DatabaseConnection } from './database-connection.ts';
import { queryDatabase } from './query-database.ts';

/** What tests ask of a database. */
export interface PostgresOperations {
  /**
   * A query that ends before the test that asks does, and is in no other query's way when that test is over.
   *
   * @throws QUERY_FAILED, WAIT_TIMEOUT
   */
  query(
    text: string,
    values: readonly unknown[],
    limits?: { readonly timeoutMs?: number },
  ): Promise<DatabaseAnswer>;
}

export function databaseFixtures(
  connection: DatabaseConnection,
  asker: Pick<Asker, 'name' | 'limitMs' | 'isOver' | 'watch'>,
): PostgresOperations {
  return {
    async query(text, values, { timeoutMs = asker.limitMs } = {}) {
      const watch = asker.watch(() => connection.relieve());
      try {
        return await queryDatabase(
          connection,
          { text, values },
          { timeoutMs, asker: asker.name, isForsaken: () => asker.isOver() },
        );
      } finally {
        watch.stop();
      }
    },
  };
}
