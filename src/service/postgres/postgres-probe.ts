import type { ProbeSpecOf } from '../../options/probe-options.ts';
import { fatal, type Probe, type ProbeAnswer, pending, ready } from '../../probe/probe.ts';
import { fromFailure } from '../../probe/service-failure.ts';
import { classifyDatabaseError } from './classify-database-error.ts';
import { describeDatabase } from './database-address.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { describeSimilar, findRelationHint } from './find-relation-hint.ts';
import type { QueryTerms } from './query-turn.ts';
import { type SessionMark, SessionSearch } from './session-search.ts';

/** Ready when everything the spec asks for is there: the table, a row of the query, the worker's own session. */
export function postgresProbe(
  spec: ProbeSpecOf<'postgres'>,
  connection: DatabaseConnection,
  mark: SessionMark,
): Probe {
  const search = new SessionSearch(mark, connection);
  const checks = [
    spec.table === undefined
      ? undefined
      : (terms: QueryTerms) => checkTable(spec.table as string, connection, terms),
    spec.query === undefined
      ? undefined
      : (terms: QueryTerms) => checkQuery(spec.query as string, connection, terms),
    spec.connection ? (terms: QueryTerms) => search.check(terms) : undefined,
    (terms: QueryTerms) => checkLogin(connection, terms),
  ].filter(check => check !== undefined);
  return {
    description: describeWanted(spec, connection),
    async check(signal) {
      try {
        return await firstUnready(checks, { signal });
      } catch (error) {
        return fromFailure(classifyDatabaseError(error, connection.address));
      }
    },
  };
}

/** What can be known before there is a worker: the login works. Tables may be made by the worker itself. */
export function databaseAnswersProbe(connection: DatabaseConnection): Probe {
  return {
    description: `${describeDatabase(connection.address)} accepts user "${connection.address.user}"`,
    attemptTimeoutMs: 5_000,
    async check(signal) {
      try {
        return await checkLogin(connection, { signal });
      } catch (error) {
        return fromFailure(classifyDatabaseError(error, connection.address));
      }
    },
  };
}

async function firstUnready(
  checks: readonly ((terms: QueryTerms) => Promise<ProbeAnswer>)[],
  terms: QueryTerms,
): Promise<ProbeAnswer> {
  for (const check of checks) {
    const answer = await check(terms);
    if (answer.kind !== 'ready') return answer;
  }
  return ready;
}

async function checkLogin(connection: DatabaseConnection, terms: QueryTerms): Promise<ProbeAnswer> {
  await connection.query('select 1', [], terms);
  return ready;
}

async function checkTable(
  table: string,
  connection: DatabaseConnection,
  terms: QueryTerms,
): Promise<ProbeAnswer> {
  const { rows } = await connection.query('select to_regclass($1) is not null as exists', [table], terms);
  if ((rows[0] as { readonly exists: boolean }).exists) return ready;
  const { database } = connection.address;
  const similar = await describeSimilar(table, connection);
  const hint = similar === undefined ? '' : `; ${similar}`;
  return pending(`relation "${table}" does not exist in database "${database}"${hint}`, {
    isHopelessAlone: true,
  });
}

async function checkQuery(
  query: string,
  connection: DatabaseConnection,
  terms: QueryTerms,
): Promise<ProbeAnswer> {
  try {
    const { rowCount } = await connection.query(query, [], terms);
    return rowCount > 0 ? ready : pending(`the query answers no row: ${query}`);
  } catch (error) {
    const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
    if (code === '42P01' || code === '42703') {
      const hint = await findRelationHint(error, connection);
      return pending(`${message} (${code})${hint === undefined ? '' : `; ${hint}`}`, {
        isHopelessAlone: true,
      });
    }
    if (typeof code === 'string' && code.startsWith('42'))
      return fatal(`the query is wrong: ${message} (${code})`);
    throw error;
  }
}

function describeWanted(spec: ProbeSpecOf<'postgres'>, connection: DatabaseConnection): string {
  const wanted = [
    spec.table === undefined ? [] : `has table "${spec.table}"`,
    spec.query === undefined ? [] : 'answers the query',
    spec.connection ? 'has a session of the worker' : [],
  ].flat();
  return `${describeDatabase(connection.address)} ${wanted.join(' and ') || 'answers'}`;
}
