import { explainDeadWorker } from '../diagnose/explain-death.ts';
import { isLiveWorkerError, type LiveWorkerError } from '../errors.ts';
import { hideFrames } from './hide-frames.ts';

/**
 * The first end of a worker that no test asked for. One test or hook tells the whole of it; the others say in a line that
 * the worker is dead.
 */
export class DeathNotice {
  readonly #watchers = new Set<(error: LiveWorkerError) => void>();
  readonly #onDeath: () => void;
  #error: LiveWorkerError | undefined;
  #short: LiveWorkerError | undefined;
  #toldBy: object | undefined;

  /** @param onDeath is called once, with the first end */
  constructor(onDeath: () => void) {
    this.#onDeath = onDeath;
  }

  /**
   * Calls `watcher` when a worker has ended unasked, unless it is told to stop; nothing of a watcher that was is kept. The call
   * comes a turn of the event loop late, so that a wait of the test itself is the first to fail, which knows the line where
   * the test waited.
   */
  readonly watch = (watcher: (error: LiveWorkerError) => void): { stop(): void } => {
    this.#watchers.add(watcher);
    if (this.#error) this.#tellWatchers(this.#error);
    return { stop: () => this.#watchers.delete(watcher) };
  };

  get error(): LiveWorkerError | undefined {
    return this.#error;
  }

  /** What there is to say now: the whole, or one line when the whole was told. */
  get news(): LiveWorkerError | undefined {
    return this.#toldBy ? this.#short : this.#error;
  }

  /** The error, unless a test or hook has failed with it. */
  get untold(): LiveWorkerError | undefined {
    return this.#toldBy ? undefined : this.#error;
  }

  /** @param short says in a line what was told before */
  report(error: LiveWorkerError, short = explainDeadWorker(error)): void {
    if (this.#error) return;
    this.#error = error;
    this.#short = short;
    hideFrames(this.#error);
    hideFrames(this.#short);
    this.#tellWatchers(error);
    this.#onDeath();
  }

  #tellWatchers(error: LiveWorkerError): void {
    setImmediate(() => {
      const watchers = [...this.#watchers];
      this.#watchers.clear();
      for (const watcher of watchers) watcher(error);
    });
  }

  /** True when the whole was told before, or is by this one. A test that is tried again tells it again. */
  tellBy(teller: object): boolean {
    const isFirst = this.#toldBy === undefined || this.#toldBy === teller;
    this.#toldBy ??= teller;
    return isFirst;
  }

  /** Also of the copy that a wait in the test's realm rejects with. */
  isIn(error: unknown): boolean {
    if (!isLiveWorkerError(error) || !this.#error) return false;
    return error.message === this.#error.message || error.message === this.#short?.message;
  }
}
