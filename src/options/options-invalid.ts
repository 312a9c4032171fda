import { type ErrorDetails, LiveWorkerError } from '../errors.ts';
import type { Mistake } from './mistake.ts';

const linesAtMost = 20;

/** One error for all mistakes, a line for each of the first 20; `details.mistakes` has them all. */
export function optionsInvalid(
  failure: string,
  mistakes: readonly Mistake[],
  details: ErrorDetails = {},
): LiveWorkerError {
  const count = mistakes.length === 1 ? '1 mistake' : `${mistakes.length} mistakes`;
  const lines = mistakes.slice(0, linesAtMost).map(describeMistake);
  const rest = mistakes.length > linesAtMost ? [`and ${mistakes.length - linesAtMost} more`] : [];
  const message = [`${failure}: ${count}`, ...lines, ...rest].join('\n  ');
  return new LiveWorkerError('OPTIONS_INVALID', message, { details: { ...details, mistakes } });
}

function describeMistake({ path, given, wanted, hint }: Mistake): string {
  return `${path}: got ${given}, want ${wanted}${hint === undefined ? '' : `; ${hint}`}`;
}
