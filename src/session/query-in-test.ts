import type { DatabaseAnswer } from '../service/postgres/database-connection.ts';
import { queryDatabase, type TestQuery } from '../service/postgres/query-database.ts';
import type { WaitOptions } from './contract.ts';
import type { TestFileSession } from './test-file-session.ts';

/** A query of whatever runs now: it ends before that does, and stands in nobody's way when that is over. */
export async function queryInTest(
  { services, clock, course, waits }: Pick<TestFileSession, 'services' | 'clock' | 'course' | 'waits'>,
  url: string,
  { text, values, timeoutMs = clock.limitMs }: TestQuery & WaitOptions,
): Promise<DatabaseAnswer> {
  const connection = services.database(url);
  const { scope, running } = course;
  const asker = running === undefined ? 'a hook' : `test "${running}"`;
  const watch = waits.watch(() => connection.relieve());
  try {
    return await queryDatabase(
      connection,
      { text, values },
      { timeoutMs, asker, isForsaken: () => course.isOver(scope) },
    );
  } finally {
    watch.stop();
  }
}
