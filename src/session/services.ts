import { DatabaseConnection } from '../probe/postgres/database-connection.ts';
import { BrokerConnection } from '../probe/rabbitmq/broker-connection.ts';

/** The connections of one test file: one per service, shared by probes, turns and fixtures, opened on first use. */
export class Services {
  readonly #name: string;
  readonly #brokers = new Map<string, BrokerConnection>();
  readonly #databases = new Map<string, DatabaseConnection>();

  /** @param name what the servers show of these connections */
  constructor(name: string) {
    this.#name = name;
  }

  broker(url: string): BrokerConnection {
    const known = this.#brokers.get(url) ?? new BrokerConnection(url, this.#name);
    this.#brokers.set(url, known);
    return known;
  }

  database(url: string): DatabaseConnection {
    const known = this.#databases.get(url) ?? new DatabaseConnection(url, this.#name);
    this.#databases.set(url, known);
    return known;
  }

  /** Never throws. */
  async close(): Promise<void> {
    await Promise.all(
      [...this.#brokers.values(), ...this.#databases.values()].map(connection => connection.close()),
    );
  }
}
