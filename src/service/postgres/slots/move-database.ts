import type { SlotMove, SlotSurroundings } from '../../slot.ts';
import { completeDatabaseUrl } from '../complete-database-url.ts';
import { parseDatabaseUrl } from '../database-address.ts';

/** As drivers of Java, Python and Go write it. */
const written = /^(?:jdbc:)?postgres(?:ql)?(?:\+\w+)?:\/\//i;
const onThisMachine = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/i;

/** @throws UnusableUrl */
export function placeOfDatabase(url: string, surroundings: SlotSurroundings): string {
  const plain = url.replace(written, 'postgres://');
  const { host, port, database } = parseDatabaseUrl(completeDatabaseUrl(plain, surroundings).url);
  const name = onThisMachine.test(host) ? 'localhost' : host.toLowerCase();
  return `${name}:${port}/${encodeURIComponent(database)}`;
}

/** Only the database changes: login, host and parameters stay as they are written. */
export function moveDatabaseUrl(
  text: string,
  { place, name }: SlotMove,
  surroundings: SlotSurroundings,
): string | undefined {
  if (!written.test(text) || placeIfAny(text, surroundings) !== place) return undefined;
  return withDatabase(text, name);
}

/** The same server, as the same user. */
export function withDatabase(url: string, database: string): string {
  const name = encodeURIComponent(database);
  return url
    .replace(/^(.*?:\/\/[^/?#]*)(?:\/[^?#]*)?/s, (_, before: string) => `${before}/${name}`)
    .replace(/([?&]dbname=)[^&#]*/g, (_, before: string) => `${before}${name}`);
}

/** For a worker that is told by the variables of libpq. */
export function moveDatabaseVariables(
  { place, name }: SlotMove,
  surroundings: SlotSurroundings,
): Readonly<Record<string, string>> {
  const { env } = surroundings;
  if (!['PGHOST', 'PGHOSTADDR', 'PGDATABASE', 'PGUSER', 'PGSERVICE'].some(variable => env[variable]))
    return {};
  return placeIfAny('postgres://', surroundings) === place ? { PGDATABASE: name } : {};
}

function placeIfAny(url: string, surroundings: SlotSurroundings): string | undefined {
  try {
    return placeOfDatabase(url, surroundings);
  } catch {
    return undefined;
  }
}
