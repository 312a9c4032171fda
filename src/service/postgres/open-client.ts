import type { Socket } from 'node:net';
import type { Client, ClientConfig } from 'pg';
import { type DatabaseLogin, parseDatabaseLogin } from './database-login.ts';
import { guardedConnection } from './guarded-connection.ts';
import { describePassfile, readPassfile } from './read-passfile.ts';
import { type TlsAttempt, tlsAttempts, wantsOtherWay } from './tls-attempts.ts';

export interface OpenOptions {
  /** What the server shows of it. */
  readonly name: string;
  /** Cuts the connection while it is being opened. */
  readonly signal: AbortSignal;
}

/** @throws UnusableUrl, or an error of pg */
export async function openClient(url: string, options: OpenOptions): Promise<Client> {
  const login = parseDatabaseLogin(url);
  const attempts = await tlsAttempts(login);
  for (const [index, attempt] of attempts.entries()) {
    try {
      return await connect(login, attempt, options);
    } catch (error) {
      if (index === attempts.length - 1 || !wantsOtherWay(error, attempt)) throw error;
    }
  }
  throw new Error('there is no way to connect');
}

/** Ends a connection without a word to the server. */
export function cutClient(client: Client): void {
  socketOf(client).destroy();
}

export function socketOf(client: Client): Socket {
  return (client.connection as unknown as { readonly stream: Socket }).stream;
}

async function connect(
  login: DatabaseLogin,
  tls: TlsAttempt,
  { name, signal }: OpenOptions,
): Promise<Client> {
  signal.throwIfAborted();
  const client = await buildClient(login, tls, name);
  // Without a listener of its own an error that comes between the steps of a login would end the process.
  client.on('error', () => {});
  const cut = () => cutClient(client);
  signal.addEventListener('abort', cut);
  try {
    await Promise.race([client.connect(), untilError(client)]);
    return client;
  } catch (error) {
    cut();
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener('abort', cut);
  }
}

function untilError(client: Client): Promise<never> {
  return new Promise((_, reject) => client.once('error', reject));
}

/** What is left out, or empty, pg takes from the environment of this process, which is not the worker's. */
async function buildClient(login: DatabaseLogin, tls: TlsAttempt, name: string): Promise<Client> {
  const { Client: PostgresClient, Connection } = await import('pg');
  const sslnegotiation = tls && login.tls.isDirect ? 'direct' : 'postgres';
  const config: ClientConfig & { readonly sslnegotiation: string } = {
    host: login.hostAddress ?? login.host.replace(/^\[|\]$/g, ''),
    port: login.port,
    user: login.user,
    database: login.database,
    password: () => passwordOf(login),
    ssl: tls,
    sslnegotiation,
    application_name: name,
    connectionTimeoutMillis: login.connectTimeoutMs,
    keepAlive: true,
  };
  const connection = guardedConnection(Connection, { ...config, sslNegotiation: sslnegotiation } as never);
  const client = new PostgresClient({ ...config, connection } as ClientConfig);
  Object.assign((client as unknown as { readonly connectionParameters: object }).connectionParameters, {
    options: login.options,
    replication: undefined,
  });
  return client;
}

/** Asked for only when the server wants one. */
function passwordOf(login: DatabaseLogin): string {
  const password = login.password ?? (login.passfile && readPassfile(login.passfile, login));
  if (password) return password;
  const file =
    login.passfile && ` (the password file "${login.passfile}" ${describePassfile(login.passfile)})`;
  throw Object.assign(new Error(`it asks for a password, and none is given${file ?? ''}`), { code: '28P01' });
}
