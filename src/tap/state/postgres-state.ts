import { type FactSink, noSink } from '../flow/tap-fact.ts';
import type { PostgresReading } from '../flow/tap-reading.ts';
import type { PostgresEvent } from '../postgres/postgres-event.ts';
import type { Refusal } from './refusals.ts';
import type { PostgresSight } from './tap-sight.ts';
import { Transaction } from './transaction-state.ts';

/** Names of statements and portals, and statements under way, that are kept of a connection. */
const mostKept = 1_000;

/** Ends what one `ready` of the server answers. */
interface Boundary {
  readonly kind: 'query' | 'execute' | 'sync';
  readonly sql: string;
  readonly startedMs: number;
  /** What the worker had not acknowledged then. */
  readonly open: readonly number[] | undefined;
  /** Of a query, which may hold several statements. */
  readonly tags: string[];
  /** It was part of. */
  transaction: number | undefined;
  isTold: boolean;
}

/** What follows from the events of one Postgres connection of a worker. */
export class PostgresState {
  readonly #sink: FactSink;
  readonly #transaction: Transaction;
  readonly #statements = new Map<string, string>();
  readonly #portals = new Map<string, string>();
  /** Sent and not answered, in order: a server answers in order. */
  readonly #pending: Boundary[] = [];
  #lastParsed = '';
  #user: string | undefined;
  #database: string | undefined;
  #isOpen = false;
  #backend: number | undefined;

  constructor(sink: FactSink = noSink) {
    this.#sink = sink;
    this.#transaction = new Transaction(sink);
  }

  /** @returns what the server refused by this event, if it did */
  apply(event: PostgresEvent, nowMs = performance.now()): Refusal | undefined {
    switch (event.kind) {
      case 'startup':
        this.#user = event.user;
        this.#database = event.database;
        break;
      case 'authenticated':
        this.#isOpen = true;
        break;
      case 'backend':
        this.#backend = event.pid;
        break;
      case 'query':
        this.#expect('query', event.sql, nowMs);
        break;
      case 'parse':
        this.#lastParsed = event.sql;
        remember(this.#statements, event.statement, event.sql);
        break;
      case 'bind':
        remember(this.#portals, event.portal, this.#statements.get(event.statement) ?? '');
        break;
      case 'execute':
        this.#expect('execute', this.statementOf(event.portal), nowMs);
        break;
      case 'closed':
        (event.what === 'statement' ? this.#statements : this.#portals).delete(event.name);
        break;
      case 'sync':
        this.#expect('sync', '', nowMs);
        break;
      case 'complete':
        this.#complete(event.tag, nowMs);
        break;
      case 'ready':
        this.#ready(event, nowMs);
        break;
      case 'error':
        return this.#refuse(event, nowMs);
      case 'encryption-asked':
      case 'cancel':
      case 'copy':
      case 'copy-end':
      case 'notification':
      case 'terminate':
      case 'not-understood':
        break;
      default:
        event satisfies never;
    }
    return undefined;
  }

  /** The server rolls back what is open. */
  end(nowMs: number): void {
    this.#pending.length = 0;
    this.#transaction.close(nowMs);
  }

  sight(): PostgresSight {
    return {
      user: this.#user,
      database: this.#database,
      isOpen: this.#isOpen,
      backend: this.#backend,
      transaction: this.#transaction.state,
      isBusy: this.#pending.length > 0,
    };
  }

  /** That an Execute of this portal runs; empty where it is not known. */
  statementOf(portal: string): string {
    return this.#portals.get(portal) ?? '';
  }

  /** @param toMachineMs of the times of `apply` */
  reading(toMachineMs: (ms: number) => number): PostgresReading {
    const running = this.#pending.find(({ kind, isTold }) => kind !== 'sync' && !isTold);
    return {
      transaction: this.#transaction.reading(toMachineMs),
      statement: running && { sql: running.sql, startedMs: toMachineMs(running.startedMs) },
    };
  }

  #expect(kind: Boundary['kind'], sql: string, nowMs: number): void {
    if (this.#pending.length >= mostKept) return;
    const open = this.#sink.openDeliveries();
    this.#pending.push({
      kind,
      sql,
      startedMs: nowMs,
      open,
      tags: [],
      transaction: undefined,
      isTold: false,
    });
    if (kind !== 'sync') this.#transaction.run(sql);
  }

  #complete(tag: string, nowMs: number): void {
    const [first] = this.#pending;
    if (!first || first.kind === 'sync') return;
    first.transaction = this.#transaction.done(tag, { ...first, nowMs });
    first.tags.push(tag);
    if (first.kind !== 'execute') return;
    this.#pending.shift();
    this.#tell(first, { tag }, nowMs);
    this.#transaction.committed(tag, nowMs);
  }

  /** All up to the query or Sync that it answers; what an error made the server skip is among it. */
  #ready({ state }: Extract<PostgresEvent, { readonly kind: 'ready' }>, nowMs: number): void {
    const end = this.#pending.findIndex(({ kind }) => kind !== 'execute');
    const answered = this.#pending.splice(0, end + 1);
    const query = answered.find(({ kind }) => kind === 'query');
    const { sql, startedMs } = query ?? { sql: '', startedMs: nowMs };
    if (query && query.tags.length > 0 && !query.isTold)
      this.#tell(query, { tag: query.tags.join('; ') }, nowMs);
    for (const tag of query?.tags ?? []) this.#transaction.committed(tag, nowMs);
    this.#transaction.ready(state, { sql, startedMs, nowMs });
  }

  #refuse(error: Extract<PostgresEvent, { readonly kind: 'error' }>, nowMs: number): Refusal {
    const [first] = this.#pending;
    if (first && first.kind !== 'sync' && !first.isTold) {
      first.transaction ??= this.#transaction.number;
      this.#tell(first, { sqlState: error.sqlState }, nowMs);
    }
    // What is behind it, up to the next Sync, is not done.
    for (const skipped of this.#pending) {
      skipped.isTold = true;
      if (skipped.kind !== 'execute') break;
    }
    return this.#refusal(error);
  }

  #tell(
    boundary: Boundary,
    outcome: { readonly tag: string } | { readonly sqlState: string },
    nowMs: number,
  ): void {
    boundary.isTold = true;
    const { sql, startedMs, open, transaction } = boundary;
    const part = transaction === undefined ? {} : { transaction };
    this.#sink.note({ kind: 'statement', sql, startedMs, ...outcome, ...part }, nowMs, open);
  }

  #refusal({ severity, sqlState, message }: Extract<PostgresEvent, { readonly kind: 'error' }>): Refusal {
    const [first] = this.#pending;
    const statement = first && first.kind !== 'sync' ? first.sql : this.#lastParsed;
    const isFinal = severity === 'FATAL' || severity === 'PANIC';
    return {
      code: sqlState,
      text: message,
      ...(statement !== '' && !isFinal ? { statement } : {}),
      isFinal,
    };
  }
}

function remember(names: Map<string, string>, name: string, sql: string): void {
  if (names.size < mostKept || names.has(name)) names.set(name, sql);
}
