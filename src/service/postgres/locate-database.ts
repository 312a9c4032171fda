import { checkUrl, findUrl, urlMissing } from '../find-url.ts';
import type { FoundUrl, UrlPlace } from '../service.ts';
import { completeDatabaseUrl } from './complete-database-url.ts';
import { parseDatabaseLogin } from './database-login.ts';

const urlVariables = ['DATABASE_URL', 'POSTGRES_URL'];
const partVariables = ['PGHOST', 'PGPORT', 'PGUSER', 'PGPASSWORD', 'PGDATABASE'];
/** Any of these says that there is a server to talk to. */
const tellingVariables = ['PGHOST', 'PGHOSTADDR', 'PGDATABASE', 'PGUSER', 'PGSERVICE'];

/**
 * The database a worker with this environment uses: DATABASE_URL or POSTGRES_URL with what the PG* variables of libpq add,
 * or a URL made of these alone.
 *
 * @throws ENV_MISSING when none is set, OPTIONS_INVALID when it is no Postgres URL.
 */
export function locateDatabase(url: string | undefined, place: UrlPlace): FoundUrl {
  const { env, cwd } = place;
  const found =
    findUrl(url, urlVariables, place) ??
    fromVariables(env) ??
    urlMissing([...urlVariables, ...partVariables], place, value => value.startsWith('postgres'));
  const written = found.url.replace(/^(postgres(?:ql)?)\+\w+:/, '$1:');
  const complete = checkUrl(found, place, () => {
    const completed = completeDatabaseUrl(written, { env, cwd });
    parseDatabaseLogin(completed.url);
    return completed;
  });
  return { origin: found.origin, ...complete };
}

function fromVariables(env: UrlPlace['env']): FoundUrl | undefined {
  if (!tellingVariables.some(name => env[name])) return undefined;
  return { url: 'postgres://', origin: 'the PG* variables' };
}
