/** What one attempt of a probe found out. */
export type ProbeAnswer =
  | { readonly kind: 'ready' }
  /** Passes by itself, perhaps; what has not passed after `hopelessAfterMs` of the same kind of answer does not. */
  | { readonly kind: 'pending'; readonly why: string; readonly hopelessAfterMs?: number }
  /** Waiting on is useless. */
  | { readonly kind: 'fatal'; readonly why: string };

/** The one interface of all readiness probes. */
export interface Probe {
  /** What it waits for, as it stands in messages: `queue "default" has 2 new consumers`. */
  readonly description: string;
  /** How long one attempt may take, in milliseconds. Default 2 000. */
  readonly attemptTimeoutMs?: number;
  /** One attempt. It may throw: what it throws is a pending answer. */
  check(signal: AbortSignal): Promise<ProbeAnswer>;
}

export const ready: ProbeAnswer = { kind: 'ready' };

export function pending(why: string, hopelessAfterMs?: number): ProbeAnswer {
  return hopelessAfterMs === undefined ? { kind: 'pending', why } : { kind: 'pending', why, hopelessAfterMs };
}

export function fatal(why: string): ProbeAnswer {
  return { kind: 'fatal', why };
}
