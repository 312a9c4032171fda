import { LiveWorkerError } from '../errors.ts';
import { completeDatabaseUrl } from './postgres/complete-database-url.ts';
import { parseDatabaseLogin } from './postgres/database-login.ts';
import { UnusableUrl } from './postgres/unusable-url.ts';
import { isBrokerUrl, parseBrokerUrl } from './rabbitmq/broker-address.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const brokerVariables = ['RABBITMQ_URL', 'AMQP_URL', 'CLOUDAMQP_URL'];
const databaseVariables = ['DATABASE_URL', 'POSTGRES_URL'];
const postgresVariables = ['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGDATABASE'];
/** Any of these says that there is a server to talk to. */
const tellingVariables = ['PGHOST', 'PGHOSTADDR', 'PGDATABASE', 'PGUSER', 'PGSERVICE'];

/**
 * The broker a worker with this environment uses: the first of RABBITMQ_URL, AMQP_URL, CLOUDAMQP_URL.
 *
 * @throws ENV_MISSING when none is set, OPTIONS_INVALID when it is no AMQP URL.
 */
export function brokerUrl(url: string | undefined, env: Environment, where: string): string {
  return locateBroker(url, env, where).url;
}

/** The same, with where it was found. */
export function locateBroker(url: string | undefined, env: Environment, where: string): FoundUrl {
  const found = pick(url, env, brokerVariables, where) ?? missing(where, brokerVariables, env, isBrokerUrl);
  return checked(found, where, env, parseBrokerUrl);
}

/**
 * The database a worker with this environment uses: DATABASE_URL or POSTGRES_URL with what the PG* variables of libpq add,
 * or a URL made of these alone.
 *
 * @param cwd what relative paths of certificates count from
 * @throws ENV_MISSING when none is set, OPTIONS_INVALID when it is no Postgres URL.
 */
export function databaseUrl(url: string | undefined, env: Environment, where: string, cwd = '.'): string {
  return locateDatabase(url, env, where, cwd).url;
}

/** The same, with where it was found. */
export function locateDatabase(
  url: string | undefined,
  env: Environment,
  where: string,
  cwd = '.',
): FoundUrl {
  const found =
    pick(url, env, databaseVariables, where) ??
    fromPostgresVariables(env) ??
    missing(where, [...databaseVariables, ...postgresVariables], env, value => value.startsWith('postgres'));
  const written = found.url.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:');
  let complete: ReturnType<typeof completeDatabaseUrl> = { url: written, beside: [] };
  checked(found, where, env, () => {
    complete = completeDatabaseUrl(written, { env, cwd });
    parseDatabaseLogin(complete.url);
  });
  return { origin: found.origin, ...complete };
}

export interface FoundUrl {
  readonly url: string;
  /** The variable, or the option of the probe. */
  readonly origin: string;
  /** Variables that say what the URL does not. */
  readonly beside?: readonly string[];
}

function pick(
  url: string | undefined,
  env: Environment,
  names: readonly string[],
  where: string,
): FoundUrl | undefined {
  if (url !== undefined) return { url, origin: `${where}.url` };
  const name = names.find(candidate => env[candidate]);
  return name === undefined ? undefined : { url: env[name] as string, origin: name };
}

function fromPostgresVariables(env: Environment): FoundUrl | undefined {
  if (!tellingVariables.some(name => env[name])) return undefined;
  return { url: 'postgres://', origin: 'the PG* variables' };
}

function missing(
  where: string,
  names: readonly string[],
  env: Environment,
  isMeant: (value: string) => boolean,
): never {
  const similar = Object.keys(env).filter(name => isMeant(env[name] ?? ''));
  throw new LiveWorkerError(
    'ENV_MISSING',
    [
      `Cannot tell which server ${where} is about: the worker's environment has none of ${names.join(', ')}`,
      similar.length === 0
        ? `Set one in the worker's env file or env, or give ${where}.url`
        : `It has ${similar.join(', ')}: give ${where}.url as '\${${similar[0]}}'`,
    ].join('\n'),
    { details: { where, variables: names, similar } },
  );
}

/** The reason may quote the URL's scheme but never the URL, which holds a password. */
function checked(
  { url, origin }: FoundUrl,
  where: string,
  env: Environment,
  parse: (url: string) => unknown,
): FoundUrl {
  try {
    parse(url);
    return { url, origin };
  } catch (error) {
    const reason =
      error instanceof UnusableUrl || (error instanceof TypeError && /^its? /.test(error.message))
        ? error.message
        : 'it is no URL';
    const name = origin in env ? undefined : Object.keys(env).find(candidate => env[candidate] === url);
    const source = name === undefined ? origin : `${origin}, the value of ${name},`;
    throw new LiveWorkerError('OPTIONS_INVALID', `Cannot use ${source} for ${where}: ${reason}`, {
      details: { where, origin },
    });
  }
}
