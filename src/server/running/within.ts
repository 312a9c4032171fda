import { setTimeout as sleep } from 'node:timers/promises';

/** What comes of the work; undefined where it takes longer than `ms` milliseconds, or the signal is aborted first. */
export async function within<Result>(
  ms: number,
  work: Promise<Result>,
  signal?: AbortSignal,
): Promise<Result | undefined> {
  const over = new AbortController();
  const late = sleep(ms, undefined, { signal: over.signal }).catch(() => undefined);
  try {
    return await Promise.race([work, late, ...(signal ? [untilAborted(signal)] : [])]);
  } finally {
    over.abort();
  }
}

export function untilAborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}
