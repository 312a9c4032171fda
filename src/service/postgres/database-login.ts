import { addressOf, type DatabaseAddress } from './database-address.ts';
import { splitDatabaseUrl } from './split-database-url.ts';
import { readTlsMode, type TlsMode } from './tls-mode.ts';

/** All that is needed to log in: what is missing here is not filled in. */
export interface DatabaseLogin extends DatabaseAddress {
  readonly password: string | undefined;
  /** Where the password is looked up when there is none. */
  readonly passfile: string | undefined;
  /** Asked instead of the host, whose name the certificate must have. */
  readonly hostAddress: string | undefined;
  readonly options: string | undefined;
  readonly connectTimeoutMs: number;
  readonly tls: DatabaseTls;
}

export interface DatabaseTls {
  readonly mode: TlsMode;
  readonly isDirect: boolean;
  /** Paths; of the first also `system`. */
  readonly rootCertificates: string | undefined;
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
}

const connectTimeoutMs = { least: 2_000, most: 60_000 } as const;

/** @throws UnusableUrl */
export function parseDatabaseLogin(url: string): DatabaseLogin {
  const parts = splitDatabaseUrl(url);
  const { parameters } = parts;
  const seconds = Number(parameters.connect_timeout) || 0;
  return {
    ...addressOf(parts),
    password: parts.password,
    passfile: parameters.passfile,
    // libpq takes an empty one for none.
    hostAddress: parameters.hostaddr || undefined,
    options: parameters.options,
    connectTimeoutMs: Math.min(connectTimeoutMs.most, Math.max(connectTimeoutMs.least, seconds * 1_000)),
    tls: {
      mode: readTlsMode(parameters),
      isDirect: parameters.sslnegotiation === 'direct',
      rootCertificates: parameters.sslrootcert,
      certificate: parameters.sslcert,
      key: parameters.sslkey,
      passphrase: parameters.sslpassword,
    },
  };
}
