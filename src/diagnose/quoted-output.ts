import type { Evidence } from './evidence.ts';

/** The last match wins: what a worker says right before its end is nearest to the cause. */
export function findInOutput({ output }: Evidence, pattern: RegExp): RegExpExecArray | undefined {
  for (const line of [...output.stdout, ...output.stderr].reverse()) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
}
