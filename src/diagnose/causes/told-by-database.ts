import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';
import { findSetting } from '../find-setting.ts';

/** What Postgres told the worker when it refused something, in the words of any driver. */
export function toldByDatabase(evidence: Evidence): Cause | undefined {
  const told = lastTold(evidence, ({ words }) => words) ?? lastTold(evidence, bareCode);
  if (!told) return undefined;
  const { sqlState, advise } = told;
  const text = messageAbove(told.line, evidence) ?? told.text;
  // `tableMissing` says in which database.
  if (/^relation "[^"]+" does not exist/.test(text)) return undefined;
  const setting = findSetting('postgres', text, evidence);
  const code = text.includes(sqlState) ? '' : ` (${sqlState})`;
  return {
    text: [`Postgres told it: ${text}${code}`, ...setting.lines].join('\n'),
    change: [advise(setting.name)],
  };
}

interface Refusal {
  readonly sqlState: string;
  /** The server's own, or those of Prisma. */
  readonly words: RegExp;
  advise(setting: string): string;
}

const refusal = (sqlState: string, words: RegExp, advise: Refusal['advise']): Refusal => ({
  sqlState,
  words,
  advise,
});

function lastTold(
  evidence: Evidence,
  patternOf: (refusal: Refusal) => RegExp,
): (Refusal & { readonly text: string; readonly line: string }) | undefined {
  const all = new RegExp(refusals.map(refusal => patternOf(refusal).source).join('|'), 'i');
  const { 0: text, input: line = '' } = findInOutput(evidence, all) ?? {};
  const found = refusals.find(refusal => new RegExp(patternOf(refusal), 'i').test(text ?? ''));
  return found && text !== undefined ? { ...found, text: text.trim(), line } : undefined;
}

/** The message of an error whose fields Node prints below its stack, each in a line of its own. */
function messageAbove(line: string, { output: { stdout, stderr } }: Evidence): string | undefined {
  if (!/^\s+code: '\w+',?$/.test(line)) return undefined;
  const lines = [...stdout, ...stderr];
  const above = lines.slice(0, lines.lastIndexOf(line)).findLast(message => headline.test(message));
  return headline.exec(above ?? '')?.[1];
}

const headline = /^\s*(?:\[cause\]: )?(?:error|[\w.]*Error): (.+)/;

/** Where a driver prints the error as an object, or the server speaks another language. */
function bareCode({ sqlState }: Refusal): RegExp {
  return new RegExp(`SQLSTATE[ =:[(]*${sqlState}\\]?|\\bcode(?:: |=|":\\s?)["']${sqlState}["']`);
}

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
    () => 'find what ended the connection: a restart, or pg_terminate_backend by another test',
  ),
];
