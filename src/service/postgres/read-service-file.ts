import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnusableUrl } from '../unusable-url.ts';

type Settings = Readonly<Record<string, string>>;

/**
 * The settings of a service, by the names of libpq's parameters.
 *
 * Source: PostgreSQL manual, 34.17, "The Connection Service File".
 *
 * @throws UnusableUrl when no file has it
 */
export function readService(
  service: string,
  { PGSERVICEFILE, PGSYSCONFDIR, HOME }: Readonly<Record<string, string | undefined>>,
): Settings {
  const own = PGSERVICEFILE || (HOME && join(HOME, '.pg_service.conf'));
  const paths = [own, PGSYSCONFDIR && join(PGSYSCONFDIR, 'pg_service.conf')].filter(
    path => !!path,
  ) as string[];
  for (const path of paths) {
    const settings = readSection(readText(path), service);
    if (settings) return settings;
  }
  throw new UnusableUrl(`PGSERVICE is "${service}", which is not in ${paths.join(' or ') || 'any file'}`);
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function readSection(text: string, service: string): Settings | undefined {
  const lines = text.split(/\r?\n/).map(line => line.trim());
  const start = lines.indexOf(`[${service}]`);
  if (start === -1) return undefined;
  const next = lines.findIndex((line, index) => index > start && line.startsWith('['));
  const body = lines.slice(start + 1, next === -1 ? undefined : next);
  if (body.some(line => line.startsWith('ldap://')))
    throw new UnusableUrl(`PGSERVICE is "${service}", which is looked up by LDAP: that is not understood`);
  const settings = body.map(line => /^([a-z_]+)\s*=\s*(.*)$/.exec(line)).filter(match => match !== null);
  return Object.fromEntries(settings.map(([, name = '', value = '']) => [name, value]));
}
