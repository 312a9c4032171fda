import type { LineKind } from './classify-lines.ts';

/** Where in an output the last error with all that belongs to it stands; `end` is behind its last line. */
export interface FailureSpan {
  readonly start: number;
  readonly end: number;
}

/** Undefined where no line names an error. */
export function findLastFailure(kinds: readonly LineKind[]): FailureSpan | undefined {
  const head = kinds.findLastIndex(kind => kind === 'head' || kind === 'link');
  if (head === -1) return undefined;
  let start = head;
  while (start > 0 && kinds[start - 1] !== 'plain') start -= 1;
  let end = head + 1;
  while (end < kinds.length && kinds[end] !== 'plain') end += 1;
  return { start, end };
}
