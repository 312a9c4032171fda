import { isSecretName } from './secret-names.ts';

/** A URL with credentials as it stands in a text. */
export interface UrlCredentials {
  readonly user: string;
  /** As it is written, still percent-encoded. */
  readonly password: string;
}

/** The text with the password of every URL in it as `***`, and every query parameter with a secret's name. */
export function maskUrl(text: string): string {
  return splitUrls(text)
    .map(({ scheme, credentials, rest }) => scheme + maskCredentials(scheme, credentials) + maskQuery(rest))
    .join('');
}

/** The credentials of every URL in a text. */
export function listCredentials(text: string): readonly UrlCredentials[] {
  return splitUrls(text).flatMap(({ credentials = '' }) => {
    const colon = credentials.indexOf(':');
    if (colon === -1) return [];
    return [{ user: credentials.slice(0, colon), password: credentials.slice(colon + 1) }];
  });
}

interface UrlPart {
  readonly scheme: string;
  readonly credentials?: string;
  readonly rest: string;
}

/** A password that is not encoded may hold anything, so a part goes to the next scheme or the end of its line. */
function splitUrls(text: string): readonly UrlPart[] {
  return text.split(/(?=(?<!:\/\/[\w.+-]{0,100})\b[a-z][a-z0-9+.-]{0,100}:\/\/|\n)/i).map(part => {
    const [scheme = ''] = /^[a-z][a-z0-9+.-]{0,100}:\/\//i.exec(part) ?? [];
    const rest = part.slice(scheme.length);
    const end = scheme === '' ? -1 : findCredentialsEnd(scheme, rest);
    return end === -1 ? { scheme, rest } : { scheme, credentials: rest.slice(0, end), rest: rest.slice(end) };
  });
}

/** The last `@`: an unencoded `@` or `/` of a password stands before it. Better too much is hidden than too little. */
function findCredentialsEnd(scheme: string, rest: string): number {
  const isPlainWeb =
    /^https?:/i.test(scheme) && /^(?:\[[\da-f:.]+\]|[\w.-]+)(?:[\s"',]|(?::\d+)?(?:[/?#]|$))/i.test(rest);
  return isPlainWeb ? -1 : rest.lastIndexOf('@');
}

function maskCredentials(scheme: string, credentials: string | undefined): string {
  if (credentials === undefined) return '';
  const colon = credentials.indexOf(':');
  if (colon !== -1) return `${credentials.slice(0, colon)}:***`;
  // A lone word before the host of a website is a token.
  return /^https?:/i.test(scheme) ? '***' : credentials;
}

function maskQuery(text: string): string {
  return text.replace(/([?&;])([\w.-]+)=([^&\s"']*)/g, (parameter, sign: string, name: string) =>
    isSecretName(name) ? `${sign}${name}=***` : parameter,
  );
}
