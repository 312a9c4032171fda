import { deadLetterQueues } from '../settled/dead-letter-queues.ts';
import type { TrafficFilter } from '../settled/traffic-filter.ts';
import { Attribution } from './attribution.ts';
import type { FlowEntry, FlowProof } from './flow-entry.ts';
import type { TapConnectionReading, TapEntry, TapReading } from './tap-reading.ts';

/** One worker's part of the flow of a test. */
export interface WorkerFlow {
  readonly worker: string;
  readonly reading: TapReading;
  readonly filter: TrafficFilter;
  pidOf(connection: TapConnectionReading): number | undefined;
}

export interface FlowTerms {
  /** When the test began, by the clock of the machine. */
  readonly beganMs: number;
  /** Tests ran at once. */
  readonly isConcurrent: boolean;
  /** Nobody else uses the worker. */
  readonly isAlone: boolean;
  /** Of the messages that fixtures published in this test, and in earlier ones. */
  readonly published: ReadonlySet<string>;
  readonly publishedBefore: ReadonlySet<string>;
}

/** Tags of statements that are told as the end of their transaction. */
const bounds = /^(?:BEGIN|START TRANSACTION|COMMIT)$/;
const endsByRollback = /^\s*(?:rollback|abort)(?!\s+to\b|\s+(?:work|transaction)\s+to\b)/i;

/** What one worker did since a test began, and what is known of whose doing it was. */
export function concludeFlow(
  { worker, reading, filter, pidOf }: WorkerFlow,
  terms: FlowTerms,
): readonly FlowEntry[] {
  const connections = new Map(reading.connections.map(one => [one.connection, one]));
  const names = nameConnections(reading.connections);
  const pids = new Map<number, number | undefined>();
  const pidBehind = (number: number) => {
    const connection = connections.get(number);
    if (!pids.has(number)) pids.set(number, connection && pidOf(connection));
    return pids.get(number);
  };
  const entries = toldEntries(reading.entries, filter).filter(({ atMs }) => atMs >= terms.beganMs);
  const attribution = new Attribution(entries, reading, { ...terms, pidBehind });
  return entries.flatMap(entry => {
    const pid = pidBehind(entry.connection);
    const common = {
      atMs: round(entry.atMs - terms.beganMs),
      worker,
      ...(pid === undefined ? {} : { pid }),
      connection: names.get(entry.connection) ?? String(entry.connection),
    };
    const vhost = connections.get(entry.connection)?.amqp?.vhost ?? '/';
    return attribution
      .of(entry)
      .map(({ via, delivery }) =>
        describe(entry, { ...common, via, ...(delivery === undefined ? {} : { delivery }) }, reading, vhost),
      );
  });
}

type Common = Pick<FlowEntry, 'atMs' | 'worker' | 'pid' | 'connection' | 'via' | 'delivery'> & {
  readonly via: FlowProof;
};

function describe(entry: TapEntry, common: Common, { declared }: TapReading, vhost: string): FlowEntry {
  switch (entry.kind) {
    case 'delivered': {
      const { kind, queue, exchange, routingKey, redelivered, properties } = entry;
      const { messageId, task } = properties;
      return {
        ...common,
        kind,
        queue,
        exchange,
        routingKey,
        redelivered,
        ...(messageId === undefined ? {} : { messageId }),
        ...(task === undefined ? {} : { task }),
      };
    }
    case 'published': {
      const { kind, exchange, routingKey, properties } = entry;
      const { messageId } = properties;
      return { ...common, kind, exchange, routingKey, ...(messageId === undefined ? {} : { messageId }) };
    }
    case 'returned': {
      const { kind, exchange, routingKey } = entry;
      return { ...common, kind, exchange, routingKey };
    }
    case 'acknowledged':
    case 'requeued':
    case 'released':
      return { ...common, kind: entry.kind, queue: entry.queue };
    case 'rejected': {
      const { kind, queue } = entry;
      const deadLetters = deadLetterQueues(declared, { vhost, queue });
      return { ...common, kind, queue, ...(deadLetters === undefined ? {} : { deadLetters }) };
    }
    case 'statement': {
      const { kind, sql, tag, sqlState, transaction, startedMs } = entry;
      return {
        ...common,
        kind,
        sql,
        durationMs: round(entry.atMs - startedMs),
        ...(tag === undefined ? {} : { tag }),
        ...(sqlState === undefined ? {} : { sqlState }),
        ...(transaction === undefined ? {} : { transaction }),
      };
    }
    case 'transaction': {
      const { kind, transaction, outcome, startedMs } = entry;
      return { ...common, kind, transaction, outcome, durationMs: round(entry.atMs - startedMs) };
    }
    default:
      return entry satisfies never;
  }
}

/** A transaction of statements that are left out is left out too. */
function toldEntries(entries: readonly TapEntry[], filter: TrafficFilter): readonly TapEntry[] {
  const told = new Set<number>();
  const leftOut = new Set<number>();
  for (const entry of entries)
    if (entry.kind === 'statement' && entry.transaction !== undefined && !isBound(entry))
      (isTold(entry, filter) ? told : leftOut).add(entry.transaction);
  return entries.filter(
    entry =>
      isTold(entry, filter) &&
      !(entry.kind === 'transaction' && leftOut.has(entry.transaction) && !told.has(entry.transaction)),
  );
}

function isBound({ tag = '', sql }: TapEntry & { readonly kind: 'statement' }): boolean {
  return bounds.test(tag) || (tag === 'ROLLBACK' && endsByRollback.test(sql));
}

function isTold(entry: TapEntry, filter: TrafficFilter): boolean {
  switch (entry.kind) {
    case 'published':
    case 'returned':
      return !filter.ignoresTarget(entry);
    case 'statement':
      return !isBound(entry) && !filter.ignoresStatement(entry.sql);
    case 'transaction':
      return true;
    case 'delivered':
    case 'acknowledged':
    case 'rejected':
    case 'requeued':
    case 'released':
      return !filter.ignoresQueue(entry.queue);
    default:
      return entry satisfies never;
  }
}

function nameConnections(connections: readonly TapConnectionReading[]): ReadonlyMap<number, string> {
  const counts = { amqp: 0, postgres: 0 };
  const ordered = connections.toSorted((one, other) => one.connection - other.connection);
  return new Map(
    ordered.map(({ connection, amqp }) => {
      const protocol = amqp ? 'amqp' : 'postgres';
      counts[protocol] += 1;
      return [connection, `${protocol} ${counts[protocol]}`];
    }),
  );
}

function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
