import { findIncompleteEnd } from './find-incomplete-end.ts';
import type { LogFile, LogMark } from './log-file.ts';

const chunkBytes = 1024 * 1024;
/** How far back lines are looked for: further than many blank lines, or one of a dump, reach. */
const searchedBytes = 256 * chunkBytes;
/** How far back they are counted. */
const countedBytes = 16 * chunkBytes;
/** Of a longer line only the beginning is kept. */
const keptOfLine = 16 * 1024;
const lineFeed = 0x0a;
const space = 0x20;

/** The end of a log, in lines that are not blank. */
export interface LastLines {
  readonly lines: readonly string[];
  /** How many there are in all; undefined where they were not counted. */
  readonly total: number | undefined;
  /** Everything that was written since the mark, blank lines too. */
  readonly bytes: number;
}

/** The last `count` lines since the mark, no matter how long they and the rest are, with bounded memory. */
export function readLastLines(file: LogFile, mark: LogMark, count: number): LastLines {
  const start = file.offsetOf(mark);
  const end = file.size();
  const spans: LineSpan[] = [];
  let seen = 0;
  let isCounted = end - start <= searchedBytes;
  for (const span of spansBackward(file, Math.max(start, end - searchedBytes), end)) {
    if (spans.length < count) spans.unshift(span);
    seen += 1;
    isCounted &&= spans.length < count || span.start >= end - countedBytes;
    if (spans.length === count && !isCounted) break;
  }
  return {
    lines: spans.map(span => readLine(file, span)),
    total: isCounted ? seen : undefined,
    bytes: end - start,
  };
}

interface LineSpan {
  readonly start: number;
  /** Behind its last byte that is not blank. */
  readonly end: number;
}

/** The newest first. */
function* spansBackward(file: LogFile, start: number, end: number): Generator<LineSpan> {
  let lineEnd: number | undefined;
  for (let to = end; to > start; to -= chunkBytes) {
    const from = Math.max(start, to - chunkBytes);
    const bytes = file.read(from, to);
    for (let index = bytes.length - 1; index >= 0; ) {
      if (lineEnd === undefined) {
        while (index >= 0 && (bytes[index] ?? 0) <= space && bytes[index] !== 0x1b) index -= 1;
        if (index < 0) break;
        lineEnd = from + index + 1;
      }
      index = bytes.lastIndexOf(lineFeed, index);
      if (index < 0) break;
      yield { start: from + index + 1, end: lineEnd };
      lineEnd = undefined;
    }
  }
  if (lineEnd !== undefined) yield { start, end: lineEnd };
}

function readLine(file: LogFile, { start, end }: LineSpan): string {
  const bytes = file.read(start, Math.min(end, start + keptOfLine));
  return bytes
    .subarray(0, end - start > keptOfLine ? findIncompleteEnd(bytes) : bytes.length)
    .toString('utf8');
}
