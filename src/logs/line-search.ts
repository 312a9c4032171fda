import { LiveWorkerError } from '../errors.ts';
import { describeSlowPattern, findMatch } from './find-match.ts';
import type { LogCursor } from './log-cursor.ts';
import { stripColours } from './strip-colours.ts';

const chunksAtOnce = 8;
const longestLine = 1024 * 1024;
/** One of them is enough for a pattern that wants one; a million would be as many lines. */
const blankLines = /(?:\r?\n){3,}/g;

/** Looks for the first line that holds a pattern, reading nothing twice but a line that still grows. */
export class LineSearch {
  readonly #cursor: LogCursor;
  readonly #pattern: RegExp;
  #rest = '';
  #hasMore = false;

  constructor(cursor: LogCursor, pattern: RegExp) {
    this.#cursor = cursor;
    this.#pattern = pattern;
  }

  /** True when the last `next()` gave other work its turn before it had read everything. */
  get hasMore(): boolean {
    return this.#hasMore;
  }

  /** How many bytes are not searched yet. */
  behind(): number {
    return this.#cursor.behind();
  }

  /**
   * The line, colours taken out, once there is one; reads at most 8 MiB at a time.
   *
   * @throws WAIT_TIMEOUT for a pattern that takes too long
   */
  next(): string | undefined {
    this.#hasMore = false;
    for (let count = 0; count < chunksAtOnce; count += 1) {
      const chunk = this.#cursor.next();
      if (chunk === undefined) return undefined;
      if (chunk.kind === 'truncated') this.#rest = '';
      else {
        const line = this.#take(chunk.text);
        if (line !== undefined) return line;
      }
    }
    this.#hasMore = true;
    return undefined;
  }

  #take(text: string): string | undefined {
    const lines = (this.#rest + text).replace(blankLines, '\n\n').split(/\r?\n/);
    this.#rest = lines.at(-1)?.slice(-longestLine) ?? '';
    const plain = lines.map(stripColours);
    const found = findMatch(this.#pattern, plain);
    if (found === 'too slow') throw new LiveWorkerError('WAIT_TIMEOUT', describeSlowPattern(this.#pattern));
    return plain[found];
  }
}
