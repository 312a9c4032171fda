import type { ProbeSpecOf } from '../../spec/probe-options.ts';
import { fatal, type Probe, type ProbeAnswer, pending, ready } from '../probe.ts';
import { fromFailure } from '../service-failure.ts';
import { describeDatabase } from './database-address.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { judgeDatabaseError } from './judge-database-error.ts';

/** Ready when everything the spec asks for is there: the table, a row of the query, the worker's own session. */
export function postgresProbe(
  spec: ProbeSpecOf<'postgres'>,
  connection: DatabaseConnection,
  applicationName: string,
): Probe {
  const checks = [
    spec.table === undefined ? undefined : () => checkTable(spec.table as string, connection),
    spec.query === undefined ? undefined : () => checkQuery(spec.query as string, connection),
    spec.connection ? () => checkSession(applicationName, connection) : undefined,
    () => checkLogin(connection),
  ].filter(check => check !== undefined);
  return {
    description: describeWanted(spec, connection),
    async check() {
      try {
        return await firstUnready(checks);
      } catch (error) {
        return fromFailure(judgeDatabaseError(error, connection.address));
      }
    },
  };
}

/** What can be known before there is a worker: the login works. Tables may be made by the worker itself. */
export function databaseAnswersProbe(connection: DatabaseConnection): Probe {
  return {
    description: `${describeDatabase(connection.address)} accepts user "${connection.address.user}"`,
    attemptTimeoutMs: 5_000,
    async check() {
      try {
        return await checkLogin(connection);
      } catch (error) {
        return fromFailure(judgeDatabaseError(error, connection.address));
      }
    },
  };
}

async function firstUnready(checks: readonly (() => Promise<ProbeAnswer>)[]): Promise<ProbeAnswer> {
  for (const check of checks) {
    const answer = await check();
    if (answer.kind !== 'ready') return answer;
  }
  return ready;
}

async function checkLogin(connection: DatabaseConnection): Promise<ProbeAnswer> {
  await connection.query('select 1');
  return ready;
}

async function checkTable(table: string, connection: DatabaseConnection): Promise<ProbeAnswer> {
  const { rows } = await connection.query('select to_regclass($1) is not null as exists', [table]);
  if ((rows[0] as { readonly exists: boolean }).exists) return ready;
  const { database } = connection.address;
  return pending(`relation "${table}" does not exist in database "${database}"`, { isHopelessAlone: true });
}

async function checkQuery(query: string, connection: DatabaseConnection): Promise<ProbeAnswer> {
  try {
    const { rowCount } = await connection.query(query);
    return rowCount > 0 ? ready : pending(`the query answers no row: ${query}`);
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (code === '42P01' || code === '42703')
      return pending(`${message} (${code})`, { isHopelessAlone: true });
    if (typeof code === 'string' && code.startsWith('42'))
      return fatal(`the query is wrong: ${message} (${code})`);
    throw error;
  }
}

async function checkSession(applicationName: string, connection: DatabaseConnection): Promise<ProbeAnswer> {
  const { rowCount } = await connection.query(
    'select 1 from pg_stat_activity where application_name = $1 and datname = current_database()',
    [applicationName],
  );
  if (rowCount > 0) return ready;
  return pending(
    `the worker has no session in database "${connection.address.database}" (application_name "${applicationName}")`,
  );
}

function describeWanted(spec: ProbeSpecOf<'postgres'>, connection: DatabaseConnection): string {
  const wanted = [
    spec.table === undefined ? [] : `has table "${spec.table}"`,
    spec.query === undefined ? [] : 'answers the query',
    spec.connection ? 'has a session of the worker' : [],
  ].flat();
  return `${describeDatabase(connection.address)} ${wanted.join(' and ') || 'answers'}`;
}
