import type { ProbeSpecOf } from '../../options/probe-options.ts';
import type { Probe } from '../../probe/probe.ts';
import type { Endpoint } from '../../process/table/read-sockets.ts';
import type { Asker, ClientContext, LaunchSight, ServiceClient, ServiceUse } from '../service.ts';
import { DatabaseConnection } from './database-connection.ts';
import { databaseFixtures } from './database-fixtures.ts';
import { databaseAnswersProbe, postgresProbe } from './postgres-probe.ts';

export type PostgresSpec = ProbeSpecOf<'postgres'>;
type PostgresUse = ServiceUse<PostgresSpec>;

/** The databases of one test file: a connection each. */
export class PostgresClient implements ServiceClient<PostgresSpec> {
  readonly #name: string;
  readonly #connections = new Map<string, DatabaseConnection>();

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
    return databaseFixtures(this.#connect(url), asker);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#connections.values()].map(connection => connection.close()));
  }

  #connect(url: string): DatabaseConnection {
    const connection = this.#connections.get(url) ?? new DatabaseConnection(url, this.#name);
    this.#connections.set(url, connection);
    return connection;
  }
}
