import type { Timeline } from '../records/timeline.ts';
import type { SessionWorker } from '../worker/session-worker.ts';

/** Of one test or hook. */
const mostFailures = 5;

/** How far each log has got, in bytes: standard output, standard error. */
type LogSizes = Readonly<Record<string, readonly [stdout: number, stderr: number]>>;

/** Writes into the timeline what became of the tests of one file, and which bytes of the logs are whose. */
export class TestRecords {
  readonly #timeline: Timeline;
  readonly #workers: () => Iterable<SessionWorker>;
  /** Names may repeat; a test that is tried again is the same. */
  readonly #numbers = new WeakMap<object, number>();
  #count = 0;

  constructor(timeline: Timeline, workers: () => Iterable<SessionWorker>) {
    this.#timeline = timeline;
    this.#workers = workers;
  }

  /** From 1, in the order the tests of the file began. */
  numberOf(test: object): number {
    const known = this.#numbers.get(test);
    if (known !== undefined) return known;
    this.#count += 1;
    this.#numbers.set(test, this.#count);
    return this.#count;
  }

  /** @param trace that its messages carry */
  begin(test: object, name: string, trace?: string): void {
    this.#timeline.record('test.started', {
      test: name,
      number: this.numberOf(test),
      logs: this.#sizes(),
      ...(trace === undefined ? {} : { trace }),
    });
  }

  end(test: object, name: string | undefined, outcome: string, failures: readonly string[]): void {
    const number = this.#numbers.get(test);
    this.#timeline.record('test.ended', {
      test: name,
      number,
      outcome,
      ...(number === undefined ? {} : { logs: this.#sizes() }),
      ...(failures.length === 0 ? {} : { failures: failures.slice(0, mostFailures) }),
    });
  }

  /** A hook of all tests, or the file itself before its first test or after its last. */
  fail(failures: readonly string[], hook?: string): void {
    if (failures.length === 0) return;
    this.#timeline.record('file.failed', {
      hook,
      failures: failures.slice(0, mostFailures),
      logs: this.#sizes(),
    });
  }

  #sizes(): LogSizes {
    const sizes: Record<string, readonly [number, number]> = {};
    for (const { spec, view } of this.#workers()) {
      if (view.hasFiles) sizes[spec.name] = [view.files.stdout.size(), view.files.stderr.size()];
    }
    return sizes;
  }
}
