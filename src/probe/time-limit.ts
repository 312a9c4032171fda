/** Milliseconds that end with a signal. */
export interface TimeLimit {
  /** Aborts after the time, or with one of those it was made of. */
  readonly signal: AbortSignal;
  /** Lets go of its timer and of those. */
  stop(): void;
}

/**
 * Neither `AbortSignal.timeout()` nor `AbortSignal.any()`: in Node 20 a timeout that is only a part of another signal is collected as
 * garbage, and never aborts (nodejs/node#57736); in some of Node 24 others get lost alike (nodejs/node#65995). It keeps no process alive.
 */
export function timeLimit(ms: number, ...signals: readonly AbortSignal[]): TimeLimit {
  const limit = new AbortController();
  const end = () => limit.abort();
  const timer = setTimeout(end, ms).unref();
  for (const signal of signals) {
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  }
  return {
    signal: limit.signal,
    stop() {
      clearTimeout(timer);
      for (const signal of signals) signal.removeEventListener('abort', end);
    },
  };
}
