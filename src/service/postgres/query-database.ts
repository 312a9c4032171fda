import { inspect } from 'node:util';
import { LiveWorkerError } from '../../errors.ts';
import { timeLimit } from '../../probe/time-limit.ts';
import { classifyDatabaseError } from './classify-database-error.ts';
import type { DatabaseAnswer } from './database-answer.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { findObstacle } from './find-obstacle.ts';
import { findRelationHint } from './find-relation-hint.ts';
import type { QueryTerms } from './query-turn.ts';

/** A query may always take that long, however little of its test is left, and a timer at most that, milliseconds. */
const limitMs = { least: 100, most: 2 ** 31 - 1 } as const;
/** What is left of the time when it is looked for what stands in front, at most. */
const lookMs = 750;

export interface TestQuery {
  readonly text: string;
  readonly values: readonly unknown[];
}

export interface QueryLimit extends Omit<QueryTerms, 'signal'> {
  /** Undefined: it may take as long as it does. */
  readonly timeoutMs: number | undefined;
}

/** @throws QUERY_FAILED with the SQLSTATE and the place in the query; WAIT_TIMEOUT with what stands in front. */
export async function queryDatabase(
  connection: DatabaseConnection,
  query: TestQuery,
  { timeoutMs, ...terms }: QueryLimit,
): Promise<DatabaseAnswer> {
  if (typeof query.text !== 'string') throw noText(query);
  const over = new AbortController();
  const limited = { ...terms, signal: over.signal };
  const limit = limitQuery(connection, limited, over, { query, timeoutMs });
  try {
    return await connection.query(query.text, query.values, limited);
  } catch (error) {
    throw over.signal.aborted ? over.signal.reason : await refused(error, connection, query.text);
  } finally {
    limit.stop();
  }
}

/** Looks what stands in front while there is still time, then ends the query with it. */
function limitQuery(
  connection: DatabaseConnection,
  terms: QueryTerms,
  over: AbortController,
  { query, timeoutMs }: { readonly query: TestQuery; readonly timeoutMs: number | undefined },
): { stop(): void } {
  if (timeoutMs === undefined) return { stop: () => {} };
  const wholeMs = Math.min(Math.max(timeoutMs, limitMs.least), limitMs.most);
  const lookingMs = Math.min(lookMs, wholeMs / 2);
  const looking = new AbortController();
  let obstacle: string | undefined;
  const look = setTimeout(async () => {
    const limit = timeLimit(Math.floor(lookingMs * 0.9), looking.signal);
    obstacle = await findObstacle(connection, terms, limit.signal).finally(limit.stop);
  }, wholeMs - lookingMs);
  const end = setTimeout(() => {
    if (!terms.isForsaken?.()) over.abort(noAnswer(query, wholeMs, obstacle));
  }, wholeMs);
  return {
    stop() {
      clearTimeout(look);
      clearTimeout(end);
      looking.abort();
    },
  };
}

function noText({ text }: { readonly text: unknown }): LiveWorkerError {
  const given = text === null ? 'null' : typeof text;
  return new LiveWorkerError(
    'QUERY_FAILED',
    `Cannot query ${given}, wanted SQL as a text, its values behind it`,
  );
}

function noAnswer(
  { text, values }: TestQuery,
  waitedMs: number,
  obstacle: string | undefined,
): LiveWorkerError {
  const lines = [
    `The query has no answer after ${Math.round(waitedMs)} ms`,
    `cause:  ${obstacle ?? 'it is not known what stands in front: a second connection had no answer in time either'}`,
    `query:  ${text.trim()}`,
    ...(values.length > 0 ? [`values: ${inspect(values, { breakLength: Infinity })}`] : []),
  ];
  return new LiveWorkerError('WAIT_TIMEOUT', lines.join('\n'), {
    details: { query: text, obstacle: obstacle ?? null },
  });
}

async function refused(
  error: unknown,
  connection: DatabaseConnection,
  text: string,
): Promise<LiveWorkerError> {
  const { code, detail, hint } = error as {
    readonly code?: string;
    readonly detail?: string;
    readonly hint?: string;
  };
  const lines = [
    `Postgres refused the query: ${classifyDatabaseError(error, connection.address).why}`,
    detail,
    hint ?? (await findRelationHint(error, connection)),
    `query: ${text.trim()}`,
  ];
  return new LiveWorkerError('QUERY_FAILED', lines.filter(line => line !== undefined).join('\n'), {
    details: { query: text, sqlState: code ?? null },
    cause: error,
  });
}
