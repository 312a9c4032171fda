import { existsSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { UnusableUrl } from '../unusable-url.ts';
import { readService } from './read-service-file.ts';
import { type DatabaseUrlParts, splitDatabaseUrl } from './split-database-url.ts';
import { parseTlsMode, readTlsMode } from './tls-mode.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = Readonly<Record<string, string>>;

/** libpq's variables by the parameters they stand for. Source: PostgreSQL manual, 34.15, "Environment Variables". */
const variables: Settings = {
  host: 'PGHOST',
  hostaddr: 'PGHOSTADDR',
  port: 'PGPORT',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  dbname: 'PGDATABASE',
  passfile: 'PGPASSFILE',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslnegotiation: 'PGSSLNEGOTIATION',
};
const paths = ['passfile', 'sslrootcert', 'sslcert', 'sslkey'];

export interface CompleteUrl {
  readonly url: string;
  /** The variables that say what the URL does not. */
  readonly beside: readonly string[];
}

export interface UrlSurroundings {
  readonly env: Environment;
  /** What relative paths count from. */
  readonly cwd: string;
}

/**
 * The URL with what a client of libpq, or pg, fills in from its environment: the service first, then the variables, then the
 * files in the home folder. A URL that lacks nothing stays as it is written.
 *
 * @throws UnusableUrl
 */
export function completeDatabaseUrl(url: string, { env, cwd }: UrlSurroundings): CompleteUrl {
  refuseUnusable(env);
  const parts = splitDatabaseUrl(url);
  const said = saidBy(parts);
  const { added, beside } = addLacking(said, env);
  const more = { ...added, ...homeFiles({ ...said, ...added }, env.HOME) };
  const all = { ...more, ...absolutePaths({ ...said, ...more }, cwd) };
  return { url: Object.keys(all).length === 0 ? url : formatDatabaseUrl(parts, all), beside };
}

function addLacking(
  said: Environment,
  env: Environment,
): { readonly added: Settings; readonly beside: readonly string[] } {
  const added: Record<string, string> = {};
  const beside: string[] = [];
  const name = said.service || env.PGSERVICE;
  const service = name ? readService(name, env) : {};
  for (const [parameter, variable] of Object.entries(variables)) {
    if (said[parameter] || isSaidOtherwise(parameter, said)) continue;
    const origin = service[parameter] ? `${said.service ? 'its service' : 'PGSERVICE'}` : variable;
    const value = service[parameter] || env[variable];
    if (!value) continue;
    checkValue(parameter, value, origin);
    added[parameter] = value;
    if (origin !== 'its service' && !beside.includes(origin)) beside.push(origin);
  }
  return { added, beside };
}

/** Here the message can name the variable. */
function checkValue(parameter: string, value: string, origin: string): void {
  if (parameter === 'sslmode') parseTlsMode(value, origin);
  if (/^(host|hostaddr|port)$/.test(parameter) && value.includes(','))
    throw new UnusableUrl(`${origin} names several hosts, where only one can be asked: set it to that one`);
  if (parameter === 'port' && !/^[1-9]\d{0,4}$/.test(value))
    throw new UnusableUrl(`${origin} names no port from 1 to 65535`);
}

function saidBy({ parameters, host, port, user, password, database }: DatabaseUrlParts): Environment {
  return {
    ...parameters,
    host,
    port: port === undefined ? undefined : String(port),
    user,
    password,
    dbname: database,
  };
}

/** The variable is about something the URL says in another way. */
function isSaidOtherwise(parameter: string, said: Environment): boolean {
  switch (parameter) {
    case 'sslmode':
      return said.ssl !== undefined || said.requiressl !== undefined;
    case 'hostaddr':
      return said.host !== undefined;
    case 'passfile':
      return said.password !== undefined;
    default:
      return false;
  }
}

/** What pg cannot do, and what would be read as something else. */
function refuseUnusable({ PGGSSENCMODE, PGREQUIREAUTH }: Environment): void {
  if (PGGSSENCMODE === 'require')
    throw new UnusableUrl('PGGSSENCMODE beside it is "require", and pg, which is used here, knows no GSSAPI');
  if (/^(gss|sspi)$/.test(PGREQUIREAUTH ?? ''))
    throw new UnusableUrl(
      `PGREQUIREAUTH beside it is "${PGREQUIREAUTH}", which pg, which is used here, does not know`,
    );
}

/** What libpq finds by itself. */
function homeFiles(said: Environment, home: string | undefined): Settings {
  if (!home) return {};
  const mode = readTlsMode(said as Settings);
  const wanted = [
    ...(said.password || said.passfile ? [] : [['passfile', '.pgpass'] as const]),
    ...(/^verify/.test(mode) && !said.sslrootcert ? [['sslrootcert', '.postgresql/root.crt'] as const] : []),
    ...(mode === 'disable' || mode === 'unsaid' || said.sslcert || said.sslkey
      ? []
      : [
          ['sslcert', '.postgresql/postgresql.crt'] as const,
          ['sslkey', '.postgresql/postgresql.key'] as const,
        ]),
  ];
  const found = wanted
    .map(([parameter, file]) => [parameter, join(home, file)] as const)
    .filter(([, path]) => existsSync(path));
  return Object.fromEntries(found);
}

function absolutePaths(said: Environment, cwd: string): Settings {
  const relative = paths.filter(name => said[name] && said[name] !== 'system' && !isAbsolute(said[name]));
  return Object.fromEntries(relative.map(name => [name, resolve(cwd, said[name] as string)]));
}

function formatDatabaseUrl(parts: DatabaseUrlParts, added: Settings): string {
  const {
    host = '',
    port,
    user,
    password,
    dbname = '',
    service: _,
    ...rest
  } = { ...saidBy(parts), ...added };
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const isPlain = /^(?:\[[\da-f:.]+\]|[\w.-]+)$/i.test(name);
  const secret = password === undefined ? '' : `:${encodeURIComponent(password)}`;
  const login = user || secret ? `${encodeURIComponent(user ?? '')}${secret}@` : '';
  const place = isPlain ? `${name}${port ? `:${port}` : ''}` : '';
  const query = Object.entries({ ...rest, ...(isPlain ? {} : { host, port }) })
    .filter((entry): entry is [string, string] => !!entry[1])
    .map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`);
  const path = encodeURIComponent(dbname);
  return `postgres://${login}${place}/${path}${query.length > 0 ? `?${query.join('&')}` : ''}`;
}
