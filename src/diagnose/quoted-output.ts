import type { Evidence } from './evidence.ts';

/** The last match wins: what a worker says right before its end is nearest to the cause. */
export function findInOutput(evidence: Evidence, pattern: RegExp): RegExpExecArray | undefined {
  return findAllInOutput(evidence, pattern)[0];
}

/** Every matching line, the last one first. */
export function findAllInOutput({ output }: Evidence, pattern: RegExp): readonly RegExpExecArray[] {
  const lines = [...output.stdout, ...output.stderr].reverse();
  return lines.map(line => pattern.exec(line)).filter(match => match !== null);
}
