import { isLiveWorkerError } from '../errors.ts';

/** Jest prints the stack: for an error that explains itself the frames of this package are only noise. */
export function presentFailure(error: unknown): unknown {
  if (isLiveWorkerError(error)) error.stack = `${error.name}: ${error.message}`;
  return error;
}
