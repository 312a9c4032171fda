import type { Client } from 'pg';
import { describeDatabase } from './database-address.ts';
import type { DatabaseConnection } from './database-connection.ts';
import { cutClient } from './open-client.ts';
import type { QueryTerms, QueryTurn } from './query-turn.ts';

/** What stands before a query that has no answer, as far as a second connection can see. Never throws. */
export async function findObstacle(
  connection: DatabaseConnection,
  terms: QueryTerms,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [front] = connection.turns;
  if (!front) return undefined;
  const before = front.terms === terms ? '' : `it waits behind ${describeTurn(front)}`;
  const reason = await whyStuck(connection, front, signal);
  return before ? `${before}, which ${reason}` : `it ${reason}`;
}

function describeTurn({ terms, text, running }: QueryTurn): string {
  const since = running ? `, for ${Math.round(performance.now() - running.sinceMs)} ms now` : '';
  return `the query of ${terms.asker ?? 'a probe'} (${shorten(text)}${since})`;
}

async function whyStuck(
  connection: DatabaseConnection,
  { running }: QueryTurn,
  signal: AbortSignal,
): Promise<string> {
  const place = describeDatabase(connection.address);
  if (!running) return `has no connection yet: ${place} does not answer the login`;
  try {
    const other = await connection.openAnother(signal);
    const cut = () => cutClient(other);
    signal.addEventListener('abort', cut);
    try {
      return await lookAt(processOf(running.client), other);
    } finally {
      cut();
      signal.removeEventListener('abort', cut);
    }
  } catch {
    return `has no answer from ${place}, and neither has a second connection: the server hangs, is paused, or cannot be reached`;
  }
}

async function lookAt(pid: number, other: Client): Promise<string> {
  const { rows } = await other.query<Session>(sessions, [pid]);
  const own = rows.find(row => row.pid === pid);
  const holders = rows.filter(row => row.pid !== pid);
  if (holders.length > 0)
    return `waits for a lock that is held by ${holders.map(describeHolder).join(' and ')}`;
  if (own?.state === 'active')
    return `still runs in Postgres${own.wait ? ` (${own.wait})` : ''}, and no lock is in its way`;
  return 'does not run in Postgres any more: its answer is lost on the way';
}

interface Session {
  readonly pid: number;
  readonly name: string | null;
  readonly user: string | null;
  readonly state: string | null;
  readonly wait: string | null;
  readonly query: string | null;
  readonly seconds: number | null;
}

const sessions = `
  select pid, application_name as name, usename as "user", state, wait_event as wait, query,
    extract(epoch from clock_timestamp() - coalesce(xact_start, state_change))::float8 as seconds
  from pg_stat_activity where pid = $1 or pid = any(pg_blocking_pids($1))`;

function describeHolder({ pid, name, user, state, query, seconds }: Session): string {
  const facts = [
    name ? `application_name "${name}"` : undefined,
    user ? `user "${user}"` : undefined,
    state
      ? `${state}${seconds === null ? '' : `, its transaction began ${seconds.toFixed(1)} s ago`}`
      : undefined,
    query ? `last query: ${shorten(query)}` : undefined,
  ];
  const known = facts.filter(fact => fact !== undefined).join(', ');
  return `pid ${pid}${known && ` (${known})`}`;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

function processOf(client: Client): number {
  return (client as unknown as { readonly processID: number }).processID;
}
