/** A stop that was not obeyed in time, so that SIGKILL ended it. */
export interface ForcedStop {
  readonly pid: number;
  readonly signal: NodeJS.Signals;
  readonly graceMs: number;
}

export function describeForcedStop({ signal, graceMs }: ForcedStop): string {
  return `it took SIGKILL, for it did not end within ${graceMs / 1_000} s of ${signal} (stop.graceMs)`;
}
