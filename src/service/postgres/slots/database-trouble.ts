import type { LiveWorkerError } from '../../../errors.ts';
import { slotUnavailable } from '../../slot-errors.ts';
import { classifyDatabaseError } from '../classify-database-error.ts';
import { describeDatabase, parseDatabaseUrl } from '../database-address.ts';
import type { Maintenance } from './maintenance.ts';
import { quoteName } from './quote-sql.ts';

const mostShown = 5;

export interface TroubledSlots {
  readonly maintenance: Maintenance;
  readonly url: string;
}

/** What an error of pg says about a database that was to be copied, with what to do. Never throws. */
export async function databaseTrouble(
  error: unknown,
  { maintenance, url }: TroubledSlots,
  template: string,
): Promise<LiveWorkerError> {
  const address = parseDatabaseUrl(url);
  const where = describeDatabase(address);
  const { code } = error as { readonly code?: unknown };
  const user = quoteName(address.user);
  const trouble = { where, original: error };
  switch (code) {
    case '55006':
      return slotUnavailable({
        ...trouble,
        cause: `a database that is copied can have no other session, and "${template}" has: ${await sessionsOn(maintenance, template)}`,
        changes: [
          'end them',
          "take another database for tests: its URL in the worker's env file or env",
          "isolate: { postgres: { prepare: ['npm', 'run', 'migrate'], inputs: ['migrations/**'] } }, which copies none that is in use",
        ],
      });
    case '42501':
      return slotUnavailable({
        ...trouble,
        cause: `user "${address.user}" may not do that (42501): ${messageOf(error)}`,
        changes: [`as a superuser: ALTER ROLE ${user} CREATEDB`, ...ownership(address.user, template)],
      });
    case '3D000':
      return slotUnavailable({
        ...trouble,
        cause: `there is no database "${template}" (3D000)`,
        changes: [
          `createdb "${template}" and run the migrations`,
          "isolate: { postgres: { prepare: ['npm', 'run', 'migrate'], inputs: ['migrations/**'] } }",
        ],
      });
    default:
      return slotUnavailable({
        ...trouble,
        cause: classifyDatabaseError(error, address).why,
        isUnanswered: code !== '53100',
        changes:
          code === '53100' || code === '53300'
            ? []
            : ['isolate: { postgres: false } shares the database between the test files'],
      });
  }
}

export function ownership(user: string, template: string): readonly string[] {
  return [
    `ALTER DATABASE ${quoteName(template)} OWNER TO ${quoteName(user)}`,
    `ALTER DATABASE ${quoteName(template)} IS_TEMPLATE true`,
  ];
}

function messageOf(error: unknown): string {
  return String((error as { readonly message?: unknown }).message ?? error);
}

interface Session {
  readonly pid: number;
  readonly name: string | null;
  readonly user: string | null;
  readonly client: string | null;
  readonly state: string | null;
}

async function sessionsOn(maintenance: Maintenance, database: string): Promise<string> {
  const sessions = await maintenance
    .query<Session>(
      `select pid, application_name as name, usename as "user", host(client_addr) as client, state
         from pg_stat_activity where datname = $1 order by pid`,
      [database],
    )
    .catch(() => []);
  if (sessions.length === 0) return 'one that is over by now, so that running the tests again may do';
  const shown = sessions.slice(0, mostShown).map(describeSession);
  const rest = sessions.length - shown.length;
  return `${shown.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}

function describeSession({ pid, name, user, client, state }: Session): string {
  const facts = [
    name ? `application_name "${name}"` : undefined,
    user ? `user "${user}"` : undefined,
    client ? `from ${client}` : undefined,
    state ?? undefined,
  ].filter(fact => fact !== undefined);
  return `pid ${pid}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}`;
}
