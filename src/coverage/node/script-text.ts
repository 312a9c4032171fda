import type { Position } from '../file-coverage.ts';

/** Where the lines of a text begin. */
export class LineStarts {
  readonly #starts: readonly number[];

  constructor(lengths: readonly number[]) {
    let start = 0;
    this.#starts = lengths.map(length => {
      const own = start;
      start += length + 1;
      return own;
    });
  }

  static of(text: string): LineStarts {
    return new LineStarts(text.split('\n').map(line => line.length));
  }

  offsetOf({ line, column }: Position): number | undefined {
    const start = this.#starts[line - 1];
    return start === undefined ? undefined : start + column;
  }
}

/** As Node hands it to V8: without a byte order mark. */
export function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
