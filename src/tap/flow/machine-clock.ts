/** Milliseconds of the clock that all processes and threads of a machine share, and that never goes back. */
export function machineMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

const tries = 8;

/** What is added to `performance.now()` of this thread to have that time; the thread may lose its processor between two looks, so the quickest pair counts. */
export function machineOffsetMs(): number {
  let best = { tookMs: Number.POSITIVE_INFINITY, offsetMs: 0 };
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const before = machineMs();
    const here = performance.now();
    const tookMs = machineMs() - before;
    if (tookMs < best.tookMs) best = { tookMs, offsetMs: before + tookMs / 2 - here };
  }
  return best.offsetMs;
}
