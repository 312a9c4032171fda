import { type ErrorDetails, LiveWorkerError, type LiveWorkerErrorCode } from '../errors.ts';

/** What {@link launchError} says, from the headline to what to do next. */
interface LaunchProblem {
  readonly what: string;
  readonly tried?: readonly string[];
  readonly next?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The error of a launch that cannot be: the headline, an indented line for each thing tried, then what to do next. */
export function launchError(
  code: LiveWorkerErrorCode,
  worker: string,
  { what, tried = [], next, details, ...rest }: LaunchProblem,
): LiveWorkerError {
  const lines = [`Cannot launch worker "${worker}": ${what}`, ...tried.map(line => `  ${line}`)];
  if (next !== undefined) lines.push(next);
  return new LiveWorkerError(code, lines.join('\n'), { details: { worker, ...details }, ...rest });
}
