import { headlineOf, isLiveWorkerError } from '../errors.ts';

/**
 * Jest takes everything before the first frame for the message, prints a text without any frame twice, and leaves out the
 * frames of its own packages: this one looks like theirs, so that an error which explains itself stands there alone.
 */
const hiddenFrame = '    at live-worker (node_modules/jest-environment-live-worker/build/index.js:1:1)';

export function presentFailure(error: unknown): unknown {
  if (isLiveWorkerError(error)) error.stack = `${headlineOf(error)}\n${hiddenFrame}`;
  return error;
}
