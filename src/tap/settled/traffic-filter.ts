import { matchesName, matchesStatement } from './match-text.ts';

/** What is no doing of a test. */
export interface IgnoredTraffic {
  readonly queues?: readonly string[];
  readonly exchanges?: readonly string[];
  readonly statements?: readonly string[];
  readonly presets?: readonly (keyof typeof presets)[];
}

/** Celery's remote control and events; the queue that stands for the answers of a call. */
const always = {
  queues: ['*.pidbox', '*.reply.celery.pidbox', 'celeryev.*', 'amq.rabbitmq.reply-to*'],
  exchanges: ['celeryev', '*.pidbox'],
  statements: ['LISTEN *', 'UNLISTEN *'],
};

const presets = {
  'graphile-worker': ['*graphile_worker*'],
  'pg-boss': ['*pgboss.*'],
  ping: ['', ';', 'SELECT 1', 'SELECT 1;', 'SELECT pg_catalog.version()', 'SHOW transaction isolation level'],
};

/** Tells what counts from what goes on without end. */
export class TrafficFilter {
  readonly #queues: readonly string[];
  readonly #exchanges: readonly string[];
  readonly #statements: readonly string[];

  constructor({ queues = [], exchanges = [], statements = [], presets: names = [] }: IgnoredTraffic = {}) {
    this.#queues = [...always.queues, ...queues];
    this.#exchanges = [...always.exchanges, ...exchanges];
    this.#statements = [...always.statements, ...statements, ...names.flatMap(name => presets[name])];
  }

  ignoresQueue(queue: string): boolean {
    return this.#queues.some(pattern => matchesName(pattern, queue));
  }

  /** Of a publication. To the default exchange it goes by the queue's name. */
  ignoresTarget({
    exchange,
    routingKey,
  }: {
    readonly exchange: string;
    readonly routingKey: string;
  }): boolean {
    if (exchange === '') return this.ignoresQueue(routingKey);
    return this.#exchanges.some(pattern => matchesName(pattern, exchange));
  }

  ignoresStatement(sql: string): boolean {
    return this.#statements.some(pattern => matchesStatement(pattern, sql));
  }
}
