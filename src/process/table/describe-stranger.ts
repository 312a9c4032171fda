import type { MaskedProcess } from './mask-process.ts';

/** A process that is not of the worker, where only the worker was expected. */
export interface Stranger extends MaskedProcess {
  readonly ageSeconds: number;
}

const longestCommand = 200;

/** One line: `  | pid 4711, for 13 s: python -m dramatiq worker`. */
export function describeStranger({ pid, command, ageSeconds }: Stranger): string {
  return `  | pid ${pid}, for ${describeAge(ageSeconds)}: ${command.slice(0, longestCommand)}`;
}

function describeAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
