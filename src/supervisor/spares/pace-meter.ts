import type { Pace } from './spare-count.ts';

interface Course {
  readonly beganAtMs: number;
  readonly readyAtMs?: number;
}

/** Measures how long the workers of a run boot, and how long its files take: the median of the last few. */
export class PaceMeter implements Pace {
  readonly #now: () => number;
  readonly #files = new Map<object, Course>();
  #boots: readonly number[] = [];
  #lengths: readonly number[] = [];
  #left: number | undefined;

  /** @param now milliseconds of a clock that does not go back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param files of a run that begins */
  beginRun(files: number): void {
    this.#left = files;
    this.#files.clear();
  }

  begin(file: object): void {
    this.#files.set(file, { beganAtMs: this.#now() });
    if (this.#left !== undefined) this.#left = Math.max(0, this.#left - 1);
  }

  noteReady(file: object): void {
    const course = this.#files.get(file);
    if (!course) return;
    const readyAtMs = this.#now();
    this.#files.set(file, { ...course, readyAtMs });
    const bootMs = readyAtMs - course.beganAtMs;
    // One that was there already says nothing of how long it took.
    if (bootMs > (this.bootMs ?? 0) / 2) this.#boots = keep(this.#boots, bootMs);
  }

  end(file: object): void {
    const course = this.#files.get(file);
    this.#files.delete(file);
    if (course?.readyAtMs !== undefined) this.#lengths = keep(this.#lengths, this.#now() - course.readyAtMs);
  }

  get bootMs(): number | undefined {
    return median(this.#boots);
  }

  get fileMs(): number | undefined {
    return median(this.#lengths);
  }

  get parallel(): number {
    return this.#files.size;
  }

  get left(): number | undefined {
    return this.#left;
  }
}

const kept = 5;

function keep(values: readonly number[], value: number): readonly number[] {
  return [...values, value].slice(-kept);
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
