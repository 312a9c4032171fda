import type { TransactionState } from '../postgres/postgres-event.ts';
import type { TappedConsumer } from '../state/tap-sight.ts';
import type { Declared, Delivered, TapFact } from './tap-fact.ts';

/** One fact and when it was. Times are of the monotonic clock of the machine, which all its processes share; milliseconds. */
export type TapEntry = TapFact & {
  /** Counts from 1. */
  readonly number: number;
  readonly atMs: number;
  /** By its number. */
  readonly connection: number;
  /** Deliveries that were open on connections of the worker when it began; undefined where they were many. */
  readonly open?: readonly number[];
};

/** What a tap has noted from one moment on, and what is open now. */
export interface TapReading {
  readonly atMs: number;
  /** Of the last entry, also where that is left out. */
  readonly last: number;
  readonly entries: readonly TapEntry[];
  /** How many there were since the test began, by kind, those that are not kept any more included. */
  readonly counts: Readonly<Partial<Record<TapEntry['kind'], number>>>;
  /** All that were there, those that are closed included; of many the latest. */
  readonly connections: readonly TapConnectionReading[];
  readonly declared: readonly Declared[];
}

export interface TapConnectionReading {
  readonly connection: number;
  readonly listener: string;
  readonly clientPort: number;
  readonly isOpen: boolean;
  /** Why nothing of it is seen. */
  readonly notUnderstood?: string;
  readonly amqp?: AmqpReading;
  readonly postgres?: PostgresReading;
}

export interface AmqpReading {
  readonly vhost: string;
  readonly consumers: readonly TappedConsumer[];
  /** The first of them, oldest first. */
  readonly deliveries: readonly OpenDelivery[];
  readonly unacknowledged: number;
}

/** Delivered and not acknowledged. */
type OpenDelivery = Omit<Delivered, 'kind' | 'noAck'> & { readonly atMs: number };

export interface PostgresReading {
  readonly transaction: OpenTransaction | undefined;
  /** Sent and not answered. */
  readonly statement: { readonly sql: string; readonly startedMs: number } | undefined;
}

export interface OpenTransaction {
  readonly transaction: number;
  readonly state: TransactionState;
  readonly startedMs: number;
  /** Its last statement that wrote. */
  readonly wroteMs: number | undefined;
  readonly statements: number;
  readonly lastSql: string;
}
