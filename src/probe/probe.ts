import type { Pace } from './poll-interval.ts';
import type { ProbeTarget } from './probe-target.ts';

/** What one attempt of a probe found out. */
export type ProbeAnswer =
  | { readonly kind: 'ready' }
  /** Passes by itself, perhaps. */
  | ({ readonly kind: 'pending'; readonly why: string } & PendingLimits)
  /** Waiting on is useless. */
  | { readonly kind: 'fatal'; readonly why: string };

/** Up to when a pending answer may pass, and how often to ask. */
export interface PendingLimits {
  /** After so many milliseconds of the same kind of answer. */
  readonly hopelessAfterMs?: number;
  /** The next attempt comes after that many milliseconds, or up to four times as many: a server with too much to do is asked less. */
  readonly restMs?: number;
  /** When every other probe is satisfied and no other worker starts: only the worker's own start could bring it about. */
  readonly isHopelessAlone?: boolean;
}

/** The one interface of all readiness probes. */
export interface Probe {
  /** What it waits for, as it stands in messages: `queue "default" has 2 new consumers`. */
  readonly description: string;
  /** How long one attempt may take, in milliseconds. Default 2 000. */
  readonly attemptTimeoutMs?: number;
  /** What it asks, for the text that explains why it was not satisfied. */
  readonly target?: ProbeTarget;
  /** Default `'eager'`. */
  readonly pace?: Pace;
  /** One attempt. It may throw: what it throws is a pending answer. */
  check(signal: AbortSignal): Promise<ProbeAnswer>;
}

export const ready: ProbeAnswer = { kind: 'ready' };

export function pending(why: string, limits: PendingLimits = {}): ProbeAnswer {
  return { kind: 'pending', why, ...limits };
}

export function fatal(why: string): ProbeAnswer {
  return { kind: 'fatal', why };
}
