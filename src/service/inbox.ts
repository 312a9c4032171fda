import type { LiveWorkerError } from '../errors.ts';

/** Something that came for a test; the first one has number 1. */
export interface Arrival<Item> {
  readonly number: number;
  readonly item: Item;
}

/** What came for tests and none of them has taken yet, in the order it came. */
export class Inbox<Item> {
  readonly #waiting = new Map<number, Item>();
  readonly #watchers = new Set<() => void>();
  #count = 0;
  #ended: LiveWorkerError | undefined;

  add(item: Item): void {
    this.#count += 1;
    this.#waiting.set(this.#count, item);
    this.#look();
  }

  /** Those that have a higher number and were not taken. */
  after(number: number): readonly Arrival<Item>[] {
    return [...this.#waiting].filter(([own]) => own > number).map(([own, item]) => ({ number: own, item }));
  }

  /** Undefined when somebody has taken it. */
  take(number: number): Item | undefined {
    const item = this.#waiting.get(number);
    this.#waiting.delete(number);
    return item;
  }

  /** Nothing comes any more; the first reason stands. */
  end(why: LiveWorkerError): void {
    this.#ended ??= why;
    this.#look();
  }

  /** Those that nobody has taken are gone. */
  clear(): void {
    this.#waiting.clear();
  }

  /** Why nothing comes any more. */
  get ended(): LiveWorkerError | undefined {
    return this.#ended;
  }

  /** Calls `look` whenever something came, or nothing comes any more. */
  watch(look: () => void): { stop(): void } {
    this.#watchers.add(look);
    return { stop: () => this.#watchers.delete(look) };
  }

  #look(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
