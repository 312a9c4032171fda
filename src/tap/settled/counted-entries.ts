import type { OpenTransaction, TapEntry } from '../flow/tap-reading.ts';
import type { TrafficFilter } from './traffic-filter.ts';

const controlling = /^(?:BEGIN|START TRANSACTION|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b/;
const writing = /^(?:INSERT|UPDATE|DELETE|MERGE|COPY|CREATE|ALTER|DROP|TRUNCATE)\b/;

/** Tells what may be the doing of a test from what goes on by itself. */
export class CountedEntries {
  readonly #filter: TrafficFilter;
  readonly #beganMs: number;
  /** The transactions in which something counted. */
  readonly #transactions = new Set<number>();

  /** @param beganMs the test, by the clock of the machine */
  constructor(filter: TrafficFilter, beganMs: number) {
    this.#filter = filter;
    this.#beganMs = beganMs;
  }

  /** Asked for each entry once, in their order. */
  counts(entry: TapEntry): boolean {
    switch (entry.kind) {
      case 'delivered':
      case 'acknowledged':
      case 'rejected':
      case 'requeued':
      case 'released':
        return !this.#filter.ignoresQueue(entry.queue);
      case 'published':
      case 'returned':
        return !this.#filter.ignoresTarget(entry);
      case 'statement':
        return this.#countsStatement(entry);
      case 'transaction':
        return this.#transactions.has(entry.transaction);
      default:
        return entry satisfies never;
    }
  }

  /** One of ignored statements alone is none; nor is one from before the test that has not written since. */
  isOpen({ transaction, startedMs, wroteMs = 0, lastSql }: OpenTransaction): boolean {
    if (startedMs < this.#beganMs && wroteMs < this.#beganMs) return false;
    return this.#transactions.has(transaction) || !this.#filter.ignoresStatement(lastSql);
  }

  isUnderWay({ sql, startedMs }: { readonly sql: string; readonly startedMs: number }): boolean {
    return startedMs >= this.#beganMs && !this.#filter.ignoresStatement(sql);
  }

  #countsStatement({ tag = '', transaction, sql, startedMs }: TapEntry & { readonly kind: 'statement' }) {
    if (controlling.test(tag) && !tag.includes(';'))
      return transaction !== undefined && this.#transactions.has(transaction);
    if (this.#filter.ignoresStatement(sql)) return false;
    if (startedMs < this.#beganMs && !writing.test(tag)) return false;
    if (transaction !== undefined) this.#transactions.add(transaction);
    return true;
  }
}
