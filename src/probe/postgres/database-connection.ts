import type { Socket } from 'node:net';
import type { Client } from 'pg';
import { closeInTime } from '../close-in-time.ts';
import { type DatabaseAddress, parseDatabaseUrl } from './database-address.ts';

const connectTimeoutMs = 2_000;

export interface DatabaseAnswer {
  readonly rows: unknown[];
  readonly rowCount: number;
}

/** The one connection a session has to one database, opened on first use and again when it was lost. */
export class DatabaseConnection {
  readonly url: string;
  readonly address: DatabaseAddress;
  readonly #name: string;
  #client: Promise<Client> | undefined;
  #inOrder: Promise<unknown> = Promise.resolve();

  constructor(url: string, name: string) {
    this.url = url;
    this.address = parseDatabaseUrl(url);
    this.#name = name;
  }

  /** One query at a time, in the order they were asked. @throws whatever pg throws. */
  query(text: string, values: readonly unknown[] = []): Promise<DatabaseAnswer> {
    const run = () => this.#query(text, values);
    const answer = this.#inOrder.then(run, run);
    this.#inOrder = answer.catch(() => {});
    return answer;
  }

  /** Never throws. */
  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    if (client)
      await closeInTime(
        () => client.end(),
        () => cut(client),
      );
  }

  async #query(text: string, values: readonly unknown[]): Promise<DatabaseAnswer> {
    const client = await this.#connected();
    const { rows, rowCount } = await client.query(text, [...values]);
    return { rows, rowCount: rowCount ?? 0 };
  }

  #connected(): Promise<Client> {
    if (this.#client) return this.#client;
    const opening = this.#connect();
    const forget = () => {
      if (this.#client === opening) this.#client = undefined;
    };
    opening.then(client => client.on('error', forget).on('end', forget), forget);
    this.#client = opening;
    return opening;
  }

  async #connect(): Promise<Client> {
    const { Client: PostgresClient } = await import('pg');
    const client = new PostgresClient({
      connectionString: this.url,
      connectionTimeoutMillis: connectTimeoutMs,
      application_name: this.#name,
      keepAlive: true,
    });
    await client.connect();
    return client;
  }
}

function cut(client: Client): void {
  const { stream } = client.connection as unknown as { readonly stream: Socket };
  stream.destroy();
}
