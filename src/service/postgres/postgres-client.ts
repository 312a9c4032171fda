import type { ProbeSpecOf } from '../../options/probe-options.ts';
import type { Probe } from '../../probe/probe.ts';
import type { Endpoint } from '../../process/table/read-sockets.ts';
import type { Asker, ClientContext, LaunchSight, ServiceClient, ServiceUse } from '../service.ts';
import { TestHoldings } from '../test-holdings.ts';
import { DatabaseConnection } from './database-connection.ts';
import type { DatabaseContext } from './fixtures/database-context.ts';
import { databaseFixtures } from './fixtures/database-fixtures.ts';
import type { NotificationListener } from './fixtures/notification-listener.ts';
import type { TestTransaction } from './fixtures/test-transaction.ts';
import { databaseAnswersProbe, postgresProbe } from './postgres-probe.ts';

export type PostgresSpec = ProbeSpecOf<'postgres'>;
type PostgresUse = ServiceUse<PostgresSpec>;

/** What lasts from one call of a test to the next. */
type Holdings = Pick<DatabaseContext, 'listeners' | 'transactions'>;

/** The databases of one test file: a connection each, and those that tests hold. */
export class PostgresClient implements ServiceClient<PostgresSpec> {
  readonly #name: string;
  readonly #connections = new Map<string, DatabaseConnection>();
  readonly #holdings = new Map<string, Holdings>();
  readonly #closing = new AbortController();

  constructor({ name }: Pick<ClientContext, 'name'>) {
    this.#name = name;
  }

  answersProbe({ url }: PostgresUse): Probe {
    return databaseAnswersProbe(this.#connect(url));
  }

  readyProbe({ spec, plan, url }: PostgresUse, { sockets }: LaunchSight): Probe {
    return postgresProbe(spec, this.#connect(url), { applicationName: plan.env.PGAPPNAME ?? '', sockets });
  }

  endpointOf({ url }: PostgresUse): Endpoint {
    const { host, port } = this.#connect(url).address;
    return { host, port };
  }

  operations(url: string, asker: Asker<PostgresSpec>) {
    return databaseFixtures({
      ...this.#holdingsOf(url),
      connection: this.#connect(url),
      connect: () => new DatabaseConnection(url, this.#name),
      asker,
      closing: this.#closing.signal,
    });
  }

  async close(): Promise<void> {
    this.#closing.abort(new Error('the test file is over'));
    const held = [...this.#holdings.values()].flatMap(({ listeners, transactions }) => [
      listeners.stopAll(),
      transactions.stopAll(),
    ]);
    await Promise.all([...held, ...[...this.#connections.values()].map(connection => connection.close())]);
  }

  #holdingsOf(url: string): Holdings {
    const holdings = this.#holdings.get(url) ?? {
      listeners: new TestHoldings<NotificationListener>('listener'),
      transactions: new TestHoldings<TestTransaction>('transaction'),
    };
    this.#holdings.set(url, holdings);
    return holdings;
  }

  #connect(url: string): DatabaseConnection {
    const connection = this.#connections.get(url) ?? new DatabaseConnection(url, this.#name);
    this.#connections.set(url, connection);
    return connection;
  }
}
