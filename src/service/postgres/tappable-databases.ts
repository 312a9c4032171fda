import type { LaunchPlan } from '../../launch/plan.ts';
import type { Tappable } from '../../tap/tappable.ts';
import { UnusableUrl } from '../unusable-url.ts';
import { completeDatabaseUrl } from './complete-database-url.ts';
import { type DatabaseLogin, parseDatabaseLogin } from './database-login.ts';
import { pointDatabaseUrl } from './point-database-url.ts';
import { readPassfile } from './read-passfile.ts';
import { tlsAttempts } from './tls-attempts.ts';
import type { TlsMode } from './tls-mode.ts';

type Place = Pick<LaunchPlan, 'env' | 'cwd'>;
type Tap = Extract<Tappable, { readonly upstream: unknown }>;

const databaseUrl = /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\//i;
const placeVariables = ['PGHOST', 'PGPORT', 'PGHOSTADDR', 'PGSERVICE'];
/** What in the environment would have the worker's client demand TLS of its tap. */
const tlsVariables: Readonly<Record<string, string | null>> = {
  PGSSLMODE: 'disable',
  PGREQUIRESSL: null,
  PGSSLNEGOTIATION: null,
  PGCHANNELBINDING: null,
};
const encryptions: Readonly<Record<TlsMode, Tap['upstream']['encryption']>> = {
  disable: 'never',
  unsaid: 'asked',
  allow: 'asked',
  prefer: 'preferred',
  require: 'required',
  'verify-ca': 'required',
  'verify-full': 'required',
};

/** Every variable whose value is the URL of a database, and those of libpq that say where one is. */
export async function tappableDatabases({ env, cwd }: Place): Promise<readonly Tappable[]> {
  const urls = Object.entries(env).filter(([, value]) => databaseUrl.test(value));
  const tappables = urls.map(([name, url]) =>
    tappable([name], url, { env, cwd }, place => ({ [name]: pointDatabaseUrl(url, place) })),
  );
  const told = placeVariables.filter(name => env[name]);
  if (told.length > 0) tappables.push(tappable(told, 'postgres://', { env, cwd }, pointLibpq(env)));
  return Promise.all(tappables);
}

async function tappable(
  variables: readonly string[],
  url: string,
  { env, cwd }: Place,
  leadTo: Tap['leadTo'],
): Promise<Tappable> {
  try {
    const plain = url.replace(/^jdbc:/i, '').replace(/^(postgres(?:ql)?)\+\w+:/i, '$1:');
    const login = parseDatabaseLogin(completeDatabaseUrl(plain, { env, cwd }).url);
    if (login.tls.isDirect) throw new UnusableUrl('it wants TLS without a question before it');
    const reached = await reach(login);
    return {
      variables,
      upstream: { protocol: 'postgres', ...reached },
      leadTo: place => ({ ...demandsOf(env), ...foundByPlace(login, plain, env), ...leadTo(place) }),
    };
  } catch (error) {
    return {
      variables,
      untappable: error instanceof UnusableUrl ? error.message : 'its value cannot be read as a URL',
    };
  }
}

function pointLibpq({ PGHOSTADDR }: Place['env']): Tap['leadTo'] {
  return ({ host, port }) => ({
    PGHOST: host,
    PGPORT: String(port),
    ...(PGHOSTADDR ? { PGHOSTADDR: null } : {}),
  });
}

/** What a service file or a password file says of a place that the worker does not get to see. */
function foundByPlace(
  login: DatabaseLogin,
  url: string,
  env: Place['env'],
): Readonly<Record<string, string | null>> {
  const isFromService = env.PGSERVICE || /[?&]service=/.test(url);
  const written = isFromService ? login.password : undefined;
  const password =
    written ??
    (login.password === undefined && login.passfile ? readPassfile(login.passfile, login) : undefined);
  return {
    ...(isFromService ? { PGUSER: login.user, PGDATABASE: login.database } : {}),
    ...(env.PGSERVICE ? { PGSERVICE: null } : {}),
    ...(password !== undefined && !env.PGPASSWORD ? { PGPASSWORD: password } : {}),
  };
}

async function reach(login: DatabaseLogin): Promise<Pick<Tap['upstream'], 'address' | 'encryption' | 'tls'>> {
  const { host, hostAddress, port, tls } = login;
  if (host.startsWith('/'))
    return { address: { path: `${host}/.s.PGSQL.${port}` }, encryption: 'never', tls: {} };
  const options = (await tlsAttempts(login)).find(attempt => attempt !== false);
  const { checkServerIdentity, ca, cert, key, passphrase, rejectUnauthorized, servername } = options || {};
  return {
    address: { host: (hostAddress ?? host).replace(/^\[|\]$/g, ''), port },
    encryption: encryptions[tls.mode],
    tls: {
      ...(ca !== undefined && { ca }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(passphrase !== undefined && { passphrase }),
      ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
      ...(servername !== undefined && { servername }),
      ...(checkServerIdentity && { checksName: false }),
    },
  };
}

function demandsOf(env: Place['env']): Readonly<Record<string, string | null>> {
  return Object.fromEntries(Object.entries(tlsVariables).filter(([name]) => env[name]));
}
