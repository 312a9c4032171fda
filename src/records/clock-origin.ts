/** What puts the times of several processes of one host on one axis. */
export interface ClockOrigin {
  readonly pid: number;
  /** Milliseconds of the clock that all processes of a host share, at the event that tells it. */
  readonly clockMs: number;
}

/** Fields for the first event of a timeline: its `atMs` counts from a wall clock that may have jumped between two processes. */
export function clockOrigin(): ClockOrigin {
  return { pid: process.pid, clockMs: Number(process.hrtime.bigint() / 1_000n) / 1_000 };
}
