const eager = { firstMs: 10, steadyForMs: 5_000 };
/** What runs the user's own code, or a program, is asked less. */
const gentle = { firstMs: 100, steadyForMs: 0 };
const alertIntervalMs = 5;
const growth = 1.5;
const longestIntervalMs = 250;
const jitter = 0.2;

/** How often a probe is asked; a number of milliseconds counts from the beginning of one attempt to that of the next. */
export type Pace = 'eager' | 'gentle' | number;

export interface PollMoment {
  /** Default `'eager'`. */
  readonly pace?: Pace;
  readonly sinceStartMs: number;
  /** 0 before the first pause. */
  readonly previousMs: number;
  /** How long the attempt before has taken. */
  readonly attemptMs?: number;
  readonly isAlert: boolean;
}

/**
 * The pause before the next attempt, in milliseconds: 10 for the first five seconds, then growing by half up to 250; of a gentle
 * probe 100, growing at once. The expected overshoot of a poll is half its interval, and one attempt on an open connection costs
 * 0.3 ms.
 */
export function pollIntervalMs(
  { pace = 'eager', sinceStartMs, previousMs, attemptMs = 0, isAlert }: PollMoment,
  random = Math.random,
): number {
  if (typeof pace === 'number') return Math.max(0, pace - attemptMs);
  if (isAlert && pace === 'eager') return alertIntervalMs;
  const { firstMs, steadyForMs } = pace === 'eager' ? eager : gentle;
  const isSteady = sinceStartMs < steadyForMs || previousMs === 0;
  const grown = isSteady ? firstMs : Math.max(previousMs, firstMs) * growth;
  return Math.min(grown, longestIntervalMs) * (1 - jitter + 2 * jitter * random());
}
