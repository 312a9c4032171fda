import type { LiveWorkerError } from '../../errors.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';
import type { Packed } from '../contract.ts';
import type { DeathNotice } from '../death-notice.ts';
import { packError } from '../pack-result.ts';
import type { RunningTests } from '../running-tests.ts';
import { fileOver, testOver } from './wait-errors.ts';

/** What ends a wait, unless it is stopped before. */
export interface WaitTimer {
  /** Nothing after the time, or the verdict. */
  readonly over: Promise<LiveWorkerError | undefined>;
  stop(): void;
}

/** What the waits of tests have in common: each is over when the test it belongs to is, or the file, or when a worker has died. */
export class Waits {
  readonly #tests: RunningTests;
  readonly #death: DeathNotice;
  readonly #watchers = new Set<() => void>();
  readonly #unanswered = new Set<() => void>();
  #state: 'open' | 'ending' | 'closed' = 'open';

  constructor(tests: RunningTests, death: DeathNotice) {
    this.#tests = tests;
    this.#death = death;
  }

  /** An event that may have ended a wait has happened. */
  readonly look = (): void => {
    for (const watcher of [...this.#watchers]) watcher();
  };

  /**
   * The file is over, and so are the waits that are left. Where Jest does not hear of them they stay silent: an error would come when
   * there is no file to fail any more, and end Jest. What begins from now on never ends: a loop that was left would go round
   * for ever.
   */
  end({ isHeard = false } = {}): void {
    this.#state = isHeard ? 'ending' : 'closed';
    this.look();
    this.#watchers.clear();
  }

  /** The same for what was asked and not answered. */
  close(): void {
    if (this.#state === 'ending') for (const giveUp of this.#unanswered) giveUp();
    this.#state = 'closed';
    this.#unanswered.clear();
  }

  get isClosed(): boolean {
    return this.#state === 'closed';
  }

  /** Why a wait that began in `scope` is of no use any more, whichever worker it is for. */
  verdict(scope: number): LiveWorkerError | undefined {
    return this.#verdictOnTest(scope) ?? this.#death.news;
  }

  /** The same for a wait that is for one worker, which may be dead without failing tests. */
  verdictOn({ death }: Pick<SessionWorker, 'death'>, scope: number): LiveWorkerError | undefined {
    return this.#verdictOnTest(scope) ?? (death === this.#death.error ? this.#death.news : death);
  }

  #verdictOnTest(scope: number): LiveWorkerError | undefined {
    if (this.#state === 'ending') return fileOver();
    return this.#tests.isOver(scope) ? testOver() : undefined;
  }

  /** Calls `watcher` whenever the verdict may have changed. */
  watch(watcher: () => void): { stop(): void } {
    this.#watchers.add(watcher);
    return { stop: () => this.#watchers.delete(watcher) };
  }

  /** Resolves after `ms` with nothing, or at once with the verdict; after the file's end never. */
  pause(ms: number, scope: number): Promise<LiveWorkerError | undefined> {
    return this.timer(ms, scope).over;
  }

  /** The same, to be stopped. Without a scope only the end of the file ends it early. */
  timer(ms: number, scope?: number): WaitTimer {
    let ring!: (verdict: LiveWorkerError | undefined) => void;
    const over = new Promise<LiveWorkerError | undefined>(resolve => {
      ring = resolve;
    });
    const look = (isTimeOver: boolean) => {
      const verdict = scope === undefined && this.#state === 'open' ? undefined : this.verdict(scope ?? 0);
      if (!verdict && !isTimeOver && !this.isClosed) return;
      stop();
      if (!this.isClosed) ring(verdict);
    };
    // What goes on trying must let others have their turn.
    const timer = setTimeout(look, this.#state === 'open' ? ms : 0, true).unref();
    const watch = this.watch(() => look(false));
    const stop = () => {
      clearTimeout(timer);
      watch.stop();
    };
    if (this.#state === 'open') look(false);
    return { over, stop };
  }

  /** The answer, unless the file is over before. */
  answer<T>(ask: () => Promise<Packed<T>>): Promise<Packed<T>> {
    return new Promise(resolve => {
      if (this.#state !== 'open') return;
      const giveUp = () => resolve({ kind: 'error', error: packError(fileOver()) });
      this.#unanswered.add(giveUp);
      void ask().then(answer => {
        this.#unanswered.delete(giveUp);
        if (!this.isClosed) resolve(answer);
      });
    });
  }
}
