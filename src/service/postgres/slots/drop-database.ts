import type { Maintenance } from './maintenance.ts';
import { quoteName } from './quote-sql.ts';

/** Whoever is connected is disconnected: it has outlived its worker. FORCE is there since PostgreSQL 13. */
export async function dropDatabase(maintenance: Maintenance, name: string): Promise<void> {
  const [found] = await maintenance.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version from pg_database where datname = $1",
    [name],
  );
  if (!found) return;
  if (found.version >= 130_000) {
    await maintenance.query(`DROP DATABASE IF EXISTS ${quoteName(name)} WITH (FORCE)`);
    return;
  }
  await maintenance.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    name,
  ]);
  await maintenance.query(`DROP DATABASE IF EXISTS ${quoteName(name)}`);
}
