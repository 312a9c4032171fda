import { headlineOf, isLiveWorkerError } from '../errors.ts';

/**
 * Jest takes everything before the first frame for the message, prints a text without any frame twice, and shows the first frame
 * it finds even when it is its own. A nameless one it drops before it counts, so that an error which explains itself stands
 * there alone.
 */
const hiddenFrame = '    at <anonymous>:1:1';

export function hideFrames(error: unknown): unknown {
  if (isLiveWorkerError(error)) error.stack = `${headlineOf(error)}\n${hiddenFrame}`;
  return error;
}
