import { quoteName } from './quote-sql.ts';

/** A session in another database. */
interface Session {
  query<Row extends object>(text: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Whoever is connected is disconnected: it has outlived its worker. FORCE is there since PostgreSQL 13. */
export async function dropDatabase(session: Session, name: string): Promise<void> {
  const [found] = await session.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version from pg_database where datname = $1",
    [name],
  );
  if (!found) return;
  if (found.version >= 130_000) {
    await session.query(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
    return;
  }
  await session.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  await session.query(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
}
