import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findAllInOutput } from '../quoted-output.ts';
import { settingOf } from '../setting-of.ts';

/** What Postgres told the worker when it refused something, in the words of whatever driver it uses. */
export function toldByDatabase(evidence: Evidence): Cause | undefined {
  const [line] = findAllInOutput(evidence, spoken);
  const refusal = line && refusals.find(({ pattern }) => pattern.test(line.input));
  if (!line || !refusal) return undefined;
  const told = refusal.pattern.exec(line.input)?.[0] ?? '';
  const setting = settingOf('postgres', told, evidence);
  const code = told.includes(refusal.sqlState) ? '' : ` (${refusal.sqlState})`;
  return {
    text: [`Postgres told it: ${told.trim()}${code}`, ...setting.lines].join('\n'),
    change: [refusal.advise(setting.name)],
  };
}

interface Refusal {
  readonly sqlState: string;
  /** The server's own words, those of Prisma, or the bare code where a driver or a language shows no more. */
  readonly pattern: RegExp;
  advise(setting: string): string;
}

const refusal = (sqlState: string, pattern: RegExp, advise: Refusal['advise']): Refusal => ({
  sqlState,
  pattern: new RegExp(
    `${pattern.source}|SQLSTATE[ =:[(]*${sqlState}|\\bcode(?:: |=|":\\s?)["']${sqlState}["']`,
    'i',
  ),
  advise,
});

const correctLogin = (setting: string) =>
  `correct the user and the password in ${setting}, or create that role`;

const refusals: readonly Refusal[] = [
  refusal(
    '28P01',
    /password authentication failed for user "?[^"\s]+"?|P1000: .*|Authentication failed against (?:the )?database server.*/,
    correctLogin,
  ),
  refusal(
    '28000',
    /no pg_hba\.conf entry for .*|role "[^"]+" (?:does not exist|is not permitted to log in)|(?:Peer|Ident) authentication failed for user "[^"]+"|no PostgreSQL user name specified.*/,
    setting => `${correctLogin(setting)}; pg_hba.conf of the server says who may come from where`,
  ),
  refusal(
    '3D000',
    /database "[^"]+" does not exist|P1003: .*|Database `[^`]+` does not exist.*|Could not find (?:your )?database: \S+/,
    setting => `createdb it and run the migrations, or correct the path of ${setting}`,
  ),
  refusal(
    '3F000',
    /schema "[^"]+" does not exist/,
    setting => `create it by the migrations, or correct the schema in ${setting}`,
  ),
  refusal(
    '42501',
    /permission denied (?:for|to) .*|must be owner of .*|P1010: .*|User `[^`]*` was denied access.*/,
    setting => `GRANT it to that role, or correct the user in ${setting}`,
  ),
  refusal(
    '42P01',
    /P2021: .*|The table `[^`]+` does not exist.*/,
    setting => `run the migrations on that database, or correct ${setting}`,
  ),
  refusal(
    '42703',
    /column \S+(?: of relation "[^"]+")? does not exist|P2022: .*/,
    setting => `run the migrations on that database, or correct ${setting}`,
  ),
  refusal(
    '53300',
    /sorry, too many clients already|remaining connection slots are reserved.*|too many connections for (?:role|database) "[^"]+"|P2037: .*/,
    () => 'close connections that are not needed, give the worker a smaller pool, or raise max_connections',
  ),
  refusal(
    '57P03',
    /the database system is (?:starting up|shutting down|in recovery mode|not yet accepting connections|not accepting connections)/,
    () => 'let the worker try again until it is up: live-worker starts it when its own probes were answered',
  ),
  refusal(
    '57P01',
    /terminating connection due to (?:administrator command|unexpected postmaster exit)/,
    () => 'look for whoever ended the connection: a restart, or pg_terminate_backend by another test',
  ),
];

const spoken = new RegExp(refusals.map(({ pattern }) => pattern.source).join('|'), 'i');
