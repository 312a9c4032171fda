import { DatabaseConnection } from './postgres/database-connection.ts';
import { BrokerConnection } from './rabbitmq/broker-connection.ts';
import type { TlsFiles } from './rabbitmq/tls-options.ts';
import type { LockWatch } from './rabbitmq/turns/held-locks.ts';

/** The connections of one test file: one per service, shared by probes, turns and fixtures, opened on first use. */
export class Services {
  readonly #name: string;
  readonly #brokers = new Map<string, BrokerConnection>();
  readonly #databases = new Map<string, DatabaseConnection>();

  readonly #watchLocks: (url: string) => LockWatch;

  /**
   * @param name what the servers show of these connections
   * @param watchLocks who hears of the locks of a broker
   */
  constructor(name: string, watchLocks: (url: string) => LockWatch = () => ({})) {
    this.#name = name;
    this.#watchLocks = watchLocks;
  }

  /** @param tls what the worker that names the broker trusts; of the first that does */
  broker(url: string, tls?: TlsFiles): BrokerConnection {
    const known =
      this.#brokers.get(url) ?? new BrokerConnection(url, this.#name, { tls, locks: this.#watchLocks(url) });
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
