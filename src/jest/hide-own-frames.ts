const ownFrame = /\n\s+at [^\n]*[\\/](?:dist|src)[\\/]jest[\\/]race-death\.[jt]s:\d+:\d+\)?/g;
const deepest = 5;

/** A test runs inside the race with its worker's end, whose frames tell its reader nothing. */
export function hideOwnFrames(collected: unknown, depth = 0): void {
  if (Array.isArray(collected)) {
    for (const error of collected) hideOwnFrames(error, depth);
    return;
  }
  if (typeof collected !== 'object' || collected === null || depth > deepest) return;
  const error = collected as {
    readonly stack?: unknown;
    readonly cause?: unknown;
    readonly errors?: unknown;
  };
  const { stack } = error;
  if (typeof stack === 'string' && stack.includes('race-death'))
    Reflect.set(error, 'stack', stack.replace(ownFrame, ''));
  hideOwnFrames(error.cause, depth + 1);
  if (Array.isArray(error.errors)) hideOwnFrames(error.errors, depth + 1);
}
