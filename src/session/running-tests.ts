import type { DeathMoment } from '../diagnose/explain-death.ts';

/** Shorter than this after a test's end, or a test's beginning, an exit may still be that test's doing; milliseconds. */
const justMs = { after: 1_000, begun: 20 } as const;

/** Which tests and hooks run now. Concurrent tests count as one, because a worker's message cannot be told to be that of one of them. */
export class RunningTests {
  readonly #running = new Map<object, string>();
  readonly #onOver: () => void;
  #hook: string | undefined;
  #last: { readonly name: string; readonly endedAtMs: number } | undefined;
  #beganAtMs = 0;
  #endedAtMs = Number.NEGATIVE_INFINITY;
  #piece = 0;

  /** @param onOver is called when the last of the tests that run together has ended */
  constructor(onOver: () => void) {
    this.#onOver = onOver;
  }

  /** The name of the running test; of concurrent ones all names. */
  get running(): string | undefined {
    return this.#running.size === 0 ? undefined : [...this.#running.values()].join('", "');
  }

  /** True for the first of tests that run together. */
  begin(test: object, name: string): boolean {
    const isFirst = this.#running.size === 0;
    if (isFirst) {
      this.#piece += 1;
      this.#beganAtMs = performance.now();
    }
    this.#running.set(test, name);
    return isFirst;
  }

  /** The name of the test. A skipped one leaves no trace. */
  end(test: object, { isSkipped = false } = {}): string | undefined {
    const name = this.#running.get(test);
    if (name === undefined) return undefined;
    this.#running.delete(test);
    if (!isSkipped) {
      this.#endedAtMs = performance.now();
      this.#last = { name, endedAtMs: this.#endedAtMs };
    }
    if (this.#running.size === 0) {
      this.#piece += 1;
      this.#onOver();
    }
    return name;
  }

  /** True when no other test runs beside it. */
  isAlone(test: object): boolean {
    return this.#running.size === 1 && this.#running.has(test);
  }

  /** @param type as Jest calls it: `beforeAll` */
  beginHook(type: string): void {
    this.#hook = type;
  }

  endHook(): void {
    this.#hook = undefined;
    this.#endedAtMs = performance.now();
  }

  /** Milliseconds since a test or hook was over; endless where none was. */
  get idleMs(): number {
    return performance.now() - this.#endedAtMs;
  }

  /** Stands for the tests that run now, or for the time between tests. */
  get scope(): number {
    return this.#piece;
  }

  /** What began between tests may go on. */
  isOver(scope: number): boolean {
    return scope % 2 === 1 && scope !== this.#piece;
  }

  get moment(): DeathMoment {
    const nowMs = performance.now();
    const last = this.#last;
    const { running } = this;
    if (running !== undefined) {
      const isFresh = nowMs - this.#beganAtMs < justMs.begun;
      return { kind: 'test', test: running, justAfter: isFresh ? last?.name : undefined };
    }
    if (this.#hook !== undefined) return { kind: 'hook', hook: this.#hook };
    if (last && nowMs - last.endedAtMs < justMs.after) return { kind: 'after', test: last.name };
    return { kind: 'none', last: last?.name };
  }
}
