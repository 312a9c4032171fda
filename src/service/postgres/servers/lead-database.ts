import type { ProvidedServer } from '../../server-capability.ts';
import type { SlotSurroundings } from '../../slot.ts';
import { pointDatabaseUrl } from '../point-database-url.ts';
import { placeOfDatabase, withDatabase } from '../slots/move-database.ts';
import { splitDatabaseUrl } from '../split-database-url.ts';

/** As drivers of Java, Python and Go write it. */
const written = /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\//i;
const loginParameter = /^(?:user|password|passfile)=/i;
const telling = ['PGHOST', 'PGHOSTADDR', 'PGDATABASE', 'PGUSER', 'PGSERVICE'];
/** Of another server, or what would have a client of libpq demand TLS of one that has none. */
const ofOthers = [
  'PGHOSTADDR',
  'PGSERVICE',
  'PGPASSFILE',
  'PGSSLMODE',
  'PGREQUIRESSL',
  'PGSSLNEGOTIATION',
  'PGCHANNELBINDING',
];

/** As libpq writes it; undefined for every other text. */
export function plainDatabaseUrl(text: string): string | undefined {
  return written.test(text) ? text.replace(written, 'postgres://') : undefined;
}

/** @throws UnusableUrl */
export function readDatabase(
  url: string,
  surroundings: SlotSurroundings,
): { readonly server: string; readonly place: string } {
  const place = placeOfDatabase(url, surroundings);
  const slash = place.lastIndexOf('/');
  return { server: place.slice(0, slash), place: decodeURIComponent(place.slice(slash + 1)) };
}

export function leadDatabaseUrl(url: string, server: string, surroundings: SlotSurroundings): string {
  const { user = '', password = '', host = '', port = 0 } = splitDatabaseUrl(server);
  const pointed = withDatabase(pointDatabaseUrl(url, { host, port }), readDatabase(url, surroundings).place);
  const [, scheme = '', rest = ''] = /^((?:jdbc:)?[^:]*:\/\/)(?:[^/?#]*@)?(.*)$/s.exec(pointed) ?? [];
  const [path = '', query = ''] = rest.split('?');
  const isJava = /^jdbc:/i.test(scheme);
  const pairs = query.split('&').filter(pair => pair !== '' && !loginParameter.test(pair));
  const words = [...pairs, ...(isJava ? [`user=${user}`, `password=${password}`] : [])];
  const login = isJava ? '' : `${user}:${password}@`;
  return `${scheme}${login}${path}${words.length > 0 ? `?${words.join('&')}` : ''}`;
}

/** For a worker that is told by the variables of libpq. */
export function leadDatabaseVariables(
  { url, servers }: ProvidedServer,
  surroundings: SlotSurroundings,
): Readonly<Record<string, string | null>> {
  const { env } = surroundings;
  const cleared = Object.fromEntries(ofOthers.filter(name => env[name]).map(name => [name, null]));
  if (!telling.some(name => env[name])) return cleared;
  const named = placeIfAny(surroundings);
  if (named === undefined || !servers.includes(named.server)) return cleared;
  const { user = '', password = '', host = '', port = 0 } = splitDatabaseUrl(url);
  return {
    ...cleared,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGPASSWORD: password,
    PGDATABASE: named.place,
  };
}

function placeIfAny(surroundings: SlotSurroundings): ReturnType<typeof readDatabase> | undefined {
  try {
    return readDatabase('postgres://', surroundings);
  } catch {
    return undefined;
  }
}
