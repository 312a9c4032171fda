import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { SlotOwner, SlotServerContext } from '../../slot.ts';
import { describeSlot } from '../../slot-owner.ts';
import { parseDatabaseUrl } from '../database-address.ts';
import { cutClient, openClient } from '../open-client.ts';
import { withDatabase } from './move-database.ts';
import { quoteName, quoteText } from './quote-sql.ts';

/** Where databases are made from; PostgreSQL makes the first two with a cluster. */
const usual = ['postgres', 'template1'];
const again = { firstMs: 50, mostMs: 1_000 };
const endMs = 500;

/**
 * The session of an owner on a server, in a database that is copied by nobody: it makes and drops the others, and while it lasts
 * its advisory lock says that the owner lives.
 */
export class Maintenance {
  readonly #url: string;
  readonly #owner: SlotOwner;
  /** Of a database to be made where a session would be in the way of the others. */
  readonly #ownName: string;
  readonly #rootDir: string;
  readonly #closing = new AbortController();
  #opening: Promise<Client> | undefined;
  #database: string | undefined;
  #inOrder: Promise<unknown> = Promise.resolve();

  constructor({ url, owner, rootDir, nextName }: Omit<SlotServerContext, 'options' | 'env' | 'stopping'>) {
    this.#url = url;
    this.#owner = owner;
    this.#rootDir = rootDir;
    this.#ownName = nextName();
  }

  /** One query at a time, in the order they were asked. @throws an error of pg */
  query<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const answer = this.#inOrder.then(() => this.#ask<Row>(text, values));
    this.#inOrder = answer.catch(() => {});
    return answer;
  }

  async #ask<Row extends object>(text: string, values: readonly unknown[]): Promise<Row[]> {
    const client = await this.client();
    const { rows } = await client.query<Row>(text, [...values]);
    return rows;
  }

  client(): Promise<Client> {
    this.#closing.signal.throwIfAborted();
    if (this.#opening) return this.#opening;
    const opening = this.#open();
    this.#opening = opening;
    const forget = () => {
      if (this.#opening === opening) this.#opening = undefined;
    };
    opening.then(client => client.once('end', () => void this.#renew(forget)), forget);
    return opening;
  }

  /** A session of another database, or a second one. */
  async another(database = this.#database ?? 'postgres'): Promise<Client> {
    return openClient(withDatabase(this.#url, database), this.#options());
  }

  /** Never throws. */
  async close(): Promise<void> {
    const open = await this.#opening?.catch(() => undefined);
    const isOwn = this.#database === this.#ownName;
    const other = open && isOwn ? await this.#openUsual().catch(() => undefined) : undefined;
    this.#closing.abort(new Error('the run is over'));
    if (open) await endClient(open);
    if (!other) return;
    await other.client.query(`DROP DATABASE IF EXISTS ${quoteName(this.#ownName)}`).catch(() => {});
    await endClient(other.client);
  }

  /** What shows that the owner is alive is there again before anybody else thinks that it is not. */
  async #renew(forget: () => void): Promise<void> {
    forget();
    for (
      let pauseMs = again.firstMs;
      !this.#closing.signal.aborted;
      pauseMs = Math.min(2 * pauseMs, again.mostMs)
    ) {
      try {
        await this.client();
        return;
      } catch {
        await sleep(pauseMs, undefined, { ref: false });
      }
    }
  }

  async #open(): Promise<Client> {
    if (this.#database) return this.#lock(await this.another());
    const base = parseDatabaseUrl(this.#url).database;
    const { client, database } = await this.#openUsual();
    await this.#lock(client);
    this.#database = database;
    // CREATE DATABASE copies none that has a session; without a word it copies template1.
    if (database !== base && database !== 'template1') return client;
    await client.query(`CREATE DATABASE ${quoteName(this.#ownName)} TEMPLATE template0`);
    await client.query(
      `COMMENT ON DATABASE ${quoteName(this.#ownName)} IS ${quoteText(describeSlot(this.#owner, { rootDir: this.#rootDir }))}`,
    );
    this.#database = this.#ownName;
    const own = await this.#lock(await this.another());
    await endClient(client);
    return own;
  }

  async #openUsual(): Promise<{ readonly client: Client; readonly database: string }> {
    let failure: unknown;
    for (const database of usual) {
      try {
        return { client: await this.another(database), database };
      } catch (error) {
        failure ??= error;
        const { code } = error as { readonly code?: unknown };
        if (code !== '3D000' && code !== '42501' && code !== '28000') throw error;
      }
    }
    throw failure;
  }

  /** Shared: an owner may have several sessions. */
  async #lock(client: Client): Promise<Client> {
    await client.query('select pg_advisory_lock_shared($1::bigint)', [lockKey(this.#owner.hex)]);
    return client;
  }

  #options() {
    return { name: `live-worker slots of pid ${this.#owner.pid}`, signal: this.#closing.signal };
  }
}

/** The number of an owner's advisory lock: its hexadecimal digits behind "lw". */
export function lockKey(hex: string): string {
  return BigInt(`0x6c77${hex}`).toString();
}

/** Never throws. */
export async function endClient(client: Client): Promise<void> {
  const cut = setTimeout(() => cutClient(client), endMs);
  await client.end().catch(() => {});
  clearTimeout(cut);
}
