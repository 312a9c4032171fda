import type { Evidence } from './evidence.ts';

/** Of a longer line only this much is searched: a worker may write a megabyte of JSON without an end of line. */
const longestSearched = 2_000;

/** The last match wins: what a worker says right before its end is nearest to the cause. */
export function findInOutput(evidence: Evidence, pattern: RegExp): RegExpExecArray | undefined {
  return findAllInOutput(evidence, pattern)[0];
}

/** Every matching line, the last one first. */
export function findAllInOutput({ output }: Evidence, pattern: RegExp): readonly RegExpExecArray[] {
  const lines = [...output.stdout, ...output.stderr].reverse();
  return lines.map(line => pattern.exec(line.slice(0, longestSearched))).filter(match => match !== null);
}
