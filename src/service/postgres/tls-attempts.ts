import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { UnusableUrl } from '../unusable-url.ts';
import type { DatabaseLogin, DatabaseTls } from './database-login.ts';

/** One way to connect: without TLS, or with it. The next one is tried when the server wants the other. */
export type TlsAttempt = false | ConnectionOptions;

/**
 * The ways to connect that a mode allows, in order. Without certificates of its own, `require` does not look at the server's.
 *
 * Source: PostgreSQL manual, 34.19, "SSL Support", table 34.1.
 *
 * @throws UnusableUrl when a file cannot be read
 */
export async function tlsAttempts({ host, hostAddress, tls }: DatabaseLogin): Promise<readonly TlsAttempt[]> {
  if (host.startsWith('/') || tls.mode === 'disable') return [false];
  const files = { ...(await readFiles(tls)), ...(hostAddress && { servername: host }) };
  const unverified = { ...files, rejectUnauthorized: false };
  switch (tls.mode) {
    case 'unsaid':
    case 'allow':
      return [false, unverified];
    case 'prefer':
      return [unverified, false];
    case 'require':
      return [files.ca ? withAnyName(files) : unverified];
    case 'verify-ca':
      return [withAnyName(files)];
    case 'verify-full':
      return [files];
    default:
      return tls.mode satisfies never;
  }
}

/** True when the error of a way says that the server wants it the other way. */
export function wantsOtherWay(error: unknown, attempt: TlsAttempt): boolean {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const text = String(message);
  if (attempt === false) return code === '28000' && /no encryption|SSL off/.test(text);
  return (
    /server does not support SSL|error establishing an SSL connection/.test(text) ||
    /^(EPROTO|ERR_SSL_|ERR_TLS_)/.test(String(code)) ||
    (code === '28000' && /SSL (?:encryption|on)\b/.test(text))
  );
}

function withAnyName(files: ConnectionOptions): ConnectionOptions {
  return { ...files, checkServerIdentity: () => undefined };
}

/** A certificate without a key is none of the client's: Prisma calls the server's so. */
async function readFiles({
  rootCertificates,
  certificate,
  key,
  passphrase,
}: DatabaseTls): Promise<ConnectionOptions> {
  const ca =
    rootCertificates && rootCertificates !== 'system'
      ? await read('sslrootcert', rootCertificates)
      : undefined;
  if (!certificate || !key) return { ...(ca && { ca }) };
  return {
    ...(ca && { ca }),
    cert: await read('sslcert', certificate),
    key: await read('sslkey', key),
    ...(passphrase && { passphrase }),
  };
}

async function read(parameter: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code;
    throw new UnusableUrl(`the file "${path}" of ${parameter} cannot be read (${reason})`);
  }
}
