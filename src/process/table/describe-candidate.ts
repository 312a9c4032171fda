import type { PresentedProcess } from './present-process.ts';

/** Somebody else's process. */
export interface StrangeProcess extends PresentedProcess {
  readonly ageSeconds: number;
}

const longestCommand = 200;

/** One line: `  | pid 4711, for 13 s: python -m dramatiq worker`. */
export function describeCandidate({ pid, command, ageSeconds }: StrangeProcess): string {
  return `  | pid ${pid}, for ${describeAge(ageSeconds)}: ${command.slice(0, longestCommand)}`;
}

function describeAge(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}
