import { argumentInvalid } from '../errors.ts';
import type { Asker } from './service.ts';

/** Something a test holds until it lets go of it. */
interface Held {
  /** Never throws. */
  stop(): Promise<void>;
}

/** What the tests of a file hold of a service, by numbers: each is stopped with its test, that of a hook with the file. */
export class TestHoldings<Item extends Held> {
  readonly #kind: string;
  readonly #items = new Map<number, Item>();
  readonly #openings = new Set<Promise<unknown>>();
  #count = 0;

  /** @param kind as messages name it: `listener` */
  constructor(kind: string) {
    this.#kind = kind;
  }

  /** The number of another one. */
  next(): number {
    this.#count += 1;
    return this.#count;
  }

  /** Resolves with the number when it is open. @throws what `opening` rejects with */
  async add(number: number, opening: Promise<Item>, asker: Pick<Asker, 'isOver' | 'watch'>): Promise<number> {
    this.#openings.add(opening);
    try {
      const item = await opening;
      this.#items.set(number, item);
      stopWithTest(item, asker);
      return number;
    } finally {
      this.#openings.delete(opening);
    }
  }

  /** @throws ARGUMENT_INVALID */
  find(number: number): Item {
    const item = this.#items.get(number);
    if (!item) throw argumentInvalid(this.#kind, number, 'one that this test file has opened');
    return item;
  }

  /** What is being opened now is open, or is not going to be. */
  async untilOpen(): Promise<void> {
    if (this.#openings.size > 0) await Promise.allSettled(this.#openings);
  }

  /** Never throws. */
  async stopAll(): Promise<void> {
    await this.untilOpen();
    await Promise.all([...this.#items.values()].map(item => item.stop()));
  }
}

function stopWithTest(item: Held, asker: Pick<Asker, 'isOver' | 'watch'>): void {
  const look = () => {
    if (!asker.isOver()) return;
    watch.stop();
    void item.stop();
  };
  const watch = asker.watch(look);
  look();
}
