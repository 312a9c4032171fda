import { fatal, type ProbeAnswer, pending, ready } from '../../../probe/probe.ts';
import type { BrokerConnection } from '../broker-connection.ts';
import { askQueueType } from './ask-queue-type.ts';
import type { ListedConsumer } from './list-consumers.ts';

/** A worker that just started has no consumer yet on any queue. */
const suspiciousMs = 500;
const listedEveryMs = 1_000;

/** Who else but a declare could tell of consumers. */
export interface ConsumerListing {
  /** Where the management API is looked for. */
  readonly url: string;
  /** True when the probe names it, so that it is waited for. */
  readonly isGiven: boolean;
  /** Undefined where it does not answer. */
  list(): Promise<readonly ListedConsumer[] | undefined>;
  /** The worker's own ends of its connections; undefined where those cannot be seen. */
  ownPorts(): readonly number[] | undefined;
}

/** The queues on which a declare saw no consumer, of types a broker may count no consumers of. */
export class UncountedQueues {
  readonly #connection: BrokerConnection;
  readonly #listing: ConsumerListing;
  readonly #emptySince = new Map<string, number>();
  readonly #types = new Map<string, string | undefined>();
  #listed: Promise<readonly ListedConsumer[] | undefined> | undefined;
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(connection: BrokerConnection, listing: ConsumerListing) {
    this.#connection = connection;
    this.#listing = listing;
  }

  /** @param why of a queue whose count is to be believed */
  async judge(queue: string, wanted: number, why: string): Promise<ProbeAnswer> {
    const since = this.#emptySince.get(queue) ?? performance.now();
    this.#emptySince.set(queue, since);
    if (performance.now() - since < suspiciousMs) return pending(why);
    if (!this.#types.has(queue)) this.#types.set(queue, await askQueueType(this.#connection, queue));
    const type = this.#types.get(queue);
    if (type === undefined || type === 'classic') return pending(why);
    return this.#judgeListed(queue, wanted, type, why);
  }

  async #judgeListed(queue: string, wanted: number, type: string, why: string): Promise<ProbeAnswer> {
    const listed = await this.#consumersOf(queue);
    if (listed !== undefined && listed >= wanted) return ready;
    const what = type === 'stream' ? 'a stream' : `a ${type} queue`;
    if (listed !== undefined)
      return pending(
        `queue "${queue}", ${what}, has ${listed} consumers of the worker by the management API, wanted ${wanted}`,
      );
    const { url, isGiven } = this.#listing;
    if (type === 'stream' && !isGiven) {
      return fatal(
        `queue "${queue}" is a stream, of which the broker counts no consumers, and no management API answers at ${url}: set managementUrl on the probe, or use log({ pattern }) or notify() in its place`,
      );
    }
    if (type === 'stream')
      return pending(`queue "${queue}" is a stream, and the management API does not answer at ${url}`);
    return pending(mayMiscount(this.#connection) ? `${why}; ${miscounted(this.#connection)}` : why);
  }

  /** Its list is seconds old, so a worker's own connections tell its consumers from those of the one before. */
  async #consumersOf(queue: string): Promise<number | undefined> {
    if (performance.now() - this.#listedAt > listedEveryMs) {
      this.#listedAt = performance.now();
      this.#listed = this.#listing.list();
    }
    const listed = await this.#listed;
    const ports = this.#listing.ownPorts();
    return listed?.filter(
      consumer => consumer.queue === queue && (ports?.includes(consumer.peerPort) ?? true),
    ).length;
  }
}

function mayMiscount({ serverVersion }: BrokerConnection): boolean {
  return Number.parseInt(serverVersion ?? '', 10) >= 4;
}

function miscounted({ serverVersion }: BrokerConnection): string {
  return `it is a quorum queue, of which RabbitMQ ${serverVersion} may count none wrongly: set managementUrl on the probe, or use log({ pattern })`;
}
