import type { Client, QueryResult } from 'pg';
import { closeInTime } from '../close-in-time.ts';
import { cancelQuery } from './cancel-query.ts';
import type { DatabaseAddress } from './database-address.ts';
import type { DatabaseAnswer } from './database-answer.ts';
import { type DatabaseLogin, parseDatabaseLogin } from './database-login.ts';
import { cutClient, openClient, socketOf } from './open-client.ts';
import { type QueryTerms, QueryTurn } from './query-turn.ts';

/** A connection that answered so lately is taken to be alive, milliseconds. */
const freshMs = 1;
/** What a query whose test is over may take before others go on, and what a cancelled one may, milliseconds. */
const patienceMs = { forsaken: 100, cancelled: 500 } as const;

/** The one connection a session has to one database, opened on first use and again when it was lost, until it is closed. */
export class DatabaseConnection {
  readonly url: string;
  readonly address: DatabaseAddress;
  readonly #login: DatabaseLogin;
  readonly #name: string;
  readonly #closing = new AbortController();
  readonly #turns = new Set<QueryTurn>();
  #client: Promise<Client> | undefined;
  #localPort: number | undefined;
  #inOrder: Promise<unknown> = Promise.resolve();
  #answeredAtMs = 0;
  #wasInTransaction = false;

  /** @throws UnusableUrl */
  constructor(url: string, name: string) {
    this.url = url;
    this.#login = parseDatabaseLogin(url);
    const { host, port, user, database } = this.#login;
    this.address = { host, port, user, database };
    this.#name = name;
  }

  /** The queries that have no answer yet, in the order they were asked; the first one runs. */
  get turns(): readonly QueryTurn[] {
    return [...this.#turns];
  }

  /** Its own end of the connection; undefined on a Unix socket. */
  get localPort(): number | undefined {
    return this.#localPort;
  }

  /** One query at a time, in the order they were asked. @throws an error of pg, or the reason it was ended with. */
  query(text: string, values: readonly unknown[] = [], terms: QueryTerms = {}): Promise<DatabaseAnswer> {
    if (this.#closing.signal.aborted) return Promise.reject(connectionClosed());
    const turn = new QueryTurn(text, terms);
    this.#turns.add(turn);
    const answer = this.#inOrder.then(() => this.#take(turn, values));
    this.#inOrder = answer
      .catch(() => {})
      .finally(() => {
        this.#turns.delete(turn);
        turn.settle();
        this.relieve();
      });
    this.relieve();
    return Promise.race([answer, turn.ended]);
  }

  /** Ends a query whose test is over, when others stand behind it. */
  relieve(): void {
    const [front, ...behind] = this.#turns;
    if (!front?.terms.isForsaken?.() || behind.every(({ terms }) => terms.isForsaken?.())) return;
    setTimeout(() => front.end(forsaken()), patienceMs.forsaken).unref();
  }

  /** A second connection, for what cannot be asked on one that is busy. @throws as `query` */
  openAnother(signal: AbortSignal): Promise<Client> {
    return openClient(this.url, { name: this.#name, signal });
  }

  /** Final: what waits or runs rejects, and nothing connects again. Never throws. */
  async close(): Promise<void> {
    const running = this.turns.find(turn => turn.running)?.running;
    this.#closing.abort(connectionClosed());
    for (const turn of this.#turns) turn.end(connectionClosed());
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    if (!client) return;
    if (running) await cancelQuery(client, this.#login);
    await closeInTime(
      () => client.end(),
      () => cutClient(client),
    );
  }

  async #take(turn: QueryTurn, values: readonly unknown[]): Promise<DatabaseAnswer> {
    turn.signal.throwIfAborted();
    const client = await this.#living(turn);
    turn.signal.throwIfAborted();
    return this.#run(turn, client, () => client.query(turn.text, [...values]));
  }

  /** Runs something that the end of the turn cancels. */
  async #run(turn: QueryTurn, client: Client, work: () => Promise<QueryResult>): Promise<DatabaseAnswer> {
    turn.begin(client);
    const settled = new AbortController();
    turn.signal.addEventListener('abort', () => void this.#cancel(client, settled.signal), {
      signal: settled.signal,
    });
    try {
      const { rows, rowCount } = await work();
      this.#answeredAtMs = performance.now();
      return { rows, rowCount: rowCount ?? 0 };
    } catch (error) {
      if (isLost(error)) await untilGone(client);
      throw error;
    } finally {
      settled.abort();
    }
  }

  async #cancel(client: Client, settled: AbortSignal): Promise<void> {
    if (this.#closing.signal.aborted) return;
    const timer = setTimeout(() => cutClient(client), patienceMs.cancelled);
    settled.addEventListener('abort', () => clearTimeout(timer));
    await cancelQuery(client, this.#login);
  }

  /**
   * A connection that was seen to answer, for what is sent to a dead one may have been done or not. An empty query asks
   * without doing anything, in a failed transaction too.
   */
  async #living(turn: QueryTurn): Promise<Client> {
    const client = await this.#connected();
    if (performance.now() - this.#answeredAtMs > freshMs) {
      await this.#run(turn, client, () => client.query('')).catch(() => {});
    }
    turn.signal.throwIfAborted();
    if (this.#wasInTransaction) {
      this.#wasInTransaction = false;
      throw new Error('the connection was lost in the middle of a transaction, which is undone');
    }
    return this.#connected();
  }

  #connected(): Promise<Client> {
    this.#closing.signal.throwIfAborted();
    if (this.#client) return this.#client;
    const opening = openClient(this.url, { name: this.#name, signal: this.#closing.signal });
    this.#client = opening;
    const forget = () => {
      if (this.#client === opening) this.#client = undefined;
    };
    opening.then(client => this.#watch(client, forget), forget);
    return opening;
  }

  #watch(client: Client, forget: () => void): void {
    this.#answeredAtMs = performance.now();
    this.#localPort = socketOf(client).localPort;
    client.on('error', forget).on('end', forget);
    client.once('end', () => {
      this.#wasInTransaction ||= client.getTransactionStatus() !== 'I' && !this.#closing.signal.aborted;
    });
  }
}

/** What a connection says that ends with it: the server goes on listening for it only for a moment. */
function isLost(error: unknown): boolean {
  return /^(FATAL|PANIC)$/.test(String((error as { readonly severity?: unknown }).severity));
}

/** The end of the socket, brought about here when the server leaves it open. */
function untilGone(client: Client): Promise<void> {
  return new Promise(resolve => {
    client.once('end', resolve);
    cutClient(client);
  });
}

function connectionClosed(): Error {
  return new Error('the connection is closed, because the test file is over');
}

function forsaken(): Error {
  return new Error('its test was over, and other queries waited behind it');
}
