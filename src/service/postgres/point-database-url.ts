const form = /^((?:jdbc:)?[^:]*:\/\/)([^/?#]*@)?[^/?#]*([^?#]*)(?:\?([^#]*))?/s;
/** What is about the place, or about TLS. */
const dropped =
  /^(host|hostaddr|port|service|ssl\w*|requiressl|channel_binding|gssencmode|target_session_attrs)$/i;

/** The URL with another place and without TLS; all else, the login first, stays as it is written. */
export function pointDatabaseUrl(
  url: string,
  { host, port }: { readonly host: string; readonly port: number },
): string {
  const [, scheme = '', login = '', path = '', query = ''] = form.exec(url) ?? [];
  const pairs = query.split('&').filter(Boolean);
  const kept = pairs.filter(pair => !dropped.test(nameOf(pair)));
  // Some clients demand TLS where they are told nothing.
  const words = [...kept, ...(pairs.some(pair => nameOf(pair) === 'sslmode') ? ['sslmode=disable'] : [])];
  return `${scheme}${login}${host}:${port}${path}${words.length > 0 ? `?${words.join('&')}` : ''}`;
}

function nameOf(pair: string): string {
  return pair.split('=')[0] ?? '';
}
