import { LiveWorkerError } from '../errors.ts';
import type { DeathNotice } from './death-notice.ts';
import type { SessionWorker } from './session-worker.ts';
import type { TestCourse } from './test-course.ts';

/** What the waits of tests have in common: each is over when the test it belongs to is, or the file, or when a worker has died. */
export class Waits {
  readonly #course: TestCourse;
  readonly #death: DeathNotice;
  readonly #watchers = new Set<() => void>();
  #isClosed = false;

  constructor(course: TestCourse, death: DeathNotice) {
    this.#course = course;
    this.#death = death;
  }

  /** Whatever may have ended a wait has happened. */
  readonly look = (): void => {
    for (const watcher of [...this.#watchers]) watcher();
  };

  /** Nobody hears of the waits that are left: an error would come when there is no test to fail any more. */
  close(): void {
    this.#isClosed = true;
    this.look();
    this.#watchers.clear();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Why a wait that began in `scope` is of no use any more, whichever worker it is for. */
  verdict(scope: number): LiveWorkerError | undefined {
    return this.#course.isOver(scope) ? testOver() : this.#death.news;
  }

  /** The same for a wait that is for one worker, which may be dead without failing tests. */
  verdictOn({ death }: Pick<SessionWorker, 'death'>, scope: number): LiveWorkerError | undefined {
    if (this.#course.isOver(scope)) return testOver();
    return death === this.#death.error ? this.#death.news : death;
  }

  /** Calls `watcher` whenever the verdict may have changed. */
  watch(watcher: () => void): { stop(): void } {
    this.#watchers.add(watcher);
    return { stop: () => this.#watchers.delete(watcher) };
  }

  /** Resolves after `ms` with nothing, or at once with the verdict; after the file's end never. */
  pause(ms: number, scope: number): Promise<LiveWorkerError | undefined> {
    return new Promise(resolve => {
      const timer = setTimeout(settle, ms).unref();
      const watch = this.watch(look);
      const waits = this;
      function settle(): void {
        clearTimeout(timer);
        watch.stop();
        if (!waits.isClosed) resolve(waits.verdict(scope));
      }
      function look(): void {
        if (waits.isClosed || waits.verdict(scope)) settle();
      }
      look();
    });
  }
}

function testOver(): LiveWorkerError {
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    'The test was over before what it waited for happened\nIs an await missing, or its timeoutMs longer than the test may take?',
  );
}
