import { UnusableUrl } from '../unusable-url.ts';

/** The modes of libpq; `unsaid` begins without TLS and takes it where the server wants it, as `allow` does. */
export type TlsMode = 'disable' | 'allow' | 'prefer' | 'require' | 'verify-ca' | 'verify-full' | 'unsaid';

const modes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

/** What clients beside libpq write for these. */
const others: Readonly<Record<string, TlsMode>> = {
  'no-verify': 'require',
  true: 'require',
  '1': 'require',
  on: 'require',
  false: 'disable',
  '0': 'disable',
  off: 'disable',
};

/** @throws UnusableUrl */
export function readTlsMode({ sslmode, ssl, requiressl }: Readonly<Record<string, string>>): TlsMode {
  if (sslmode) return parseTlsMode(sslmode, 'its sslmode');
  if (ssl) return parseTlsMode(ssl, 'its parameter ssl');
  return requiressl === '1' ? 'require' : 'unsaid';
}

/** @param what names its place: `PGSSLMODE beside it` */
export function parseTlsMode(text: string, what: string): TlsMode {
  const mode =
    modes.find(candidate => candidate === text) ?? (Object.hasOwn(others, text) ? others[text] : undefined);
  if (mode) return mode;
  const given = /^[\w-]{1,20}$/.test(text) ? `is "${text}"` : 'is no mode of libpq';
  throw new UnusableUrl(`${what} ${given}, wanted ${modes.map(name => `"${name}"`).join(', ')}`);
}
