import type { FactSink } from '../flow/tap-fact.ts';
import type { OpenTransaction } from '../flow/tap-reading.ts';
import type { TransactionState } from '../postgres/postgres-event.ts';

/** What changes rows, by what the server says when it is done. */
const writing = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY|CREATE|ALTER|DROP|TRUNCATE)\b/;
const beginning = /^(?:BEGIN|START TRANSACTION)$/;

interface Open {
  readonly transaction: number;
  readonly startedMs: number;
  wroteMs: number | undefined;
  statements: number;
  lastSql: string;
}

/**
 * The transaction of one session that lasts beyond a statement. `ROLLBACK` may be to a savepoint, so whether that ended it is told by
 * the state the server is in then; a COMMIT of one that has failed answers ROLLBACK.
 */
export class Transaction {
  readonly #sink: FactSink;
  #open: Open | undefined;
  #state: TransactionState = 'idle';

  constructor(sink: FactSink) {
    this.#sink = sink;
  }

  /** Of which a statement is part now; undefined in autocommit. */
  get number(): number | undefined {
    return this.#open?.transaction;
  }

  get state(): TransactionState {
    return this.#state;
  }

  /** A statement begins. */
  run(sql: string): void {
    if (!this.#open) return;
    this.#open.statements += 1;
    this.#open.lastSql = sql;
  }

  /** One is done. @returns the transaction it was part of */
  done(
    tag: string,
    { sql, startedMs, nowMs }: { readonly sql: string; readonly startedMs: number; readonly nowMs: number },
  ): number | undefined {
    if (beginning.test(tag)) this.#begin(sql, startedMs);
    if (this.#open && writing.test(tag)) this.#open.wroteMs = nowMs;
    return this.#open?.transaction;
  }

  /** Behind what belongs to it: its end is told last. */
  committed(tag: string, nowMs: number): void {
    if (tag === 'COMMIT') this.#end('committed', nowMs);
  }

  /** The server waits for the next query. @param sql of the last one, which began it if there was none */
  ready(
    state: TransactionState,
    { sql, startedMs, nowMs }: { readonly sql: string; readonly startedMs: number; readonly nowMs: number },
  ): void {
    this.#state = state;
    if (state === 'idle') this.#end('rolled back', nowMs);
    else if (!this.#open) this.#begin(sql, startedMs);
  }

  /** The session is over. */
  close(nowMs: number): void {
    this.#end('rolled back', nowMs);
    this.#state = 'idle';
  }

  /** @param toMachineMs of the times of the other methods */
  reading(toMachineMs: (ms: number) => number): OpenTransaction | undefined {
    const open = this.#open;
    if (!open) return undefined;
    return {
      ...open,
      state: this.#state,
      startedMs: toMachineMs(open.startedMs),
      wroteMs: open.wroteMs === undefined ? undefined : toMachineMs(open.wroteMs),
    };
  }

  #begin(sql: string, startedMs: number): void {
    if (this.#open) return;
    this.#open = {
      transaction: this.#sink.newId(),
      startedMs,
      wroteMs: undefined,
      statements: 1,
      lastSql: sql,
    };
  }

  #end(outcome: 'committed' | 'rolled back', nowMs: number): void {
    if (!this.#open) return;
    const { transaction, startedMs } = this.#open;
    this.#open = undefined;
    this.#sink.note({ kind: 'transaction', transaction, startedMs, outcome }, nowMs);
  }
}
