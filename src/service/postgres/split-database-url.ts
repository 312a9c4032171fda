import { UnusableUrl } from '../unusable-url.ts';

/** What stands in a Postgres URL, decoded; what it does not say is undefined. */
export interface DatabaseUrlParts {
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** An IPv6 address in brackets, or the folder of a Unix socket. */
  readonly host: string | undefined;
  readonly port: number | undefined;
  readonly database: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

const form = /^[^:]*:\/\/([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?/;

/**
 * Reads a URL as libpq and pg do: hosts may be empty, and parameters come before what stands at their place.
 *
 * Source: PostgreSQL manual, 34.1.1.2, "Connection URIs".
 *
 * @throws UnusableUrl
 */
export function splitDatabaseUrl(url: string): DatabaseUrlParts {
  const [, authority = '', path = '', query = ''] = form.exec(checkScheme(url)) ?? fail('it is no URL');
  const parameters = parseParameters(query);
  const at = authority.lastIndexOf('@');
  const [, user = '', password] = /^([^:]*)(?::(.*))?$/s.exec(authority.slice(0, Math.max(at, 0))) ?? [];
  const { host, port } = splitHost(authority.slice(at + 1));
  return {
    user: parameters.user || decode(user, 'user') || undefined,
    password: parameters.password || (password && decode(password, 'password')) || undefined,
    host: onlyOne(parameters.host) || decode(host, 'host') || undefined,
    port: parsePort(onlyOne(parameters.port) || port),
    database: parameters.dbname || decode(path, 'database') || undefined,
    parameters,
  };
}

function checkScheme(url: string): string {
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return fail('it is no URL');
  if (!/^postgres(ql)?$/.test(scheme))
    return fail(`its scheme is "${scheme}", wanted "postgres" or "postgresql"`);
  return url;
}

function splitHost(text: string): { readonly host: string; readonly port: string } {
  const [, host = '', port = ''] =
    /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/s.exec(onlyOne(text)) ?? fail('it is no URL');
  return { host, port };
}

function onlyOne(list = ''): string {
  const { length } = list.split(',');
  return length === 1
    ? list
    : fail(`it names ${length} hosts, where only one can be asked: give the URL of that one to the probe`);
}

/** What is no port may be a part of a password that should have been escaped. */
function parsePort(text: string): number | undefined {
  if (text === '') return undefined;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port >= 1 && port <= 65_535) return port;
  return fail(
    'its port is no number from 1 to 65535; "/", "?", "#" and "@" of a password are written %2F, %3F, %23, %40',
  );
}

function parseParameters(query: string): Readonly<Record<string, string>> {
  const entries = query
    .split('&')
    .filter(Boolean)
    .map((pair): readonly [string, string] => {
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(pair) ?? [];
      // JavaScript's URLSearchParams writes a space as "+", which libpq keeps; only options are known to have spaces.
      return [decode(name, 'query'), decode(name === 'options' ? value.replaceAll('+', ' ') : value, name)];
    });
  return Object.fromEntries(entries);
}

/** As in pg, a "%" that begins no escape stands for itself. */
function decode(text: string, what: string): string {
  const decoded = decodeEscapes(text.replace(/%(?![\da-f]{2})/gi, '%25'), what);
  return decoded.includes('\0') ? fail(`its ${what} holds a NUL character`) : decoded;
}

function decodeEscapes(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return fail(`the escapes in its ${what} are no UTF-8`);
  }
}

function fail(why: string): never {
  throw new UnusableUrl(why);
}
