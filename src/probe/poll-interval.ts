const firstIntervalMs = 10;
const alertIntervalMs = 5;
const firstPhaseMs = 5_000;
const growth = 1.5;
const longestIntervalMs = 250;
const jitter = 0.2;

export interface PollMoment {
  readonly sinceStartMs: number;
  readonly previousMs: number;
  readonly isAlert: boolean;
}

/**
 * The pause before the next attempt, in milliseconds: 10 for the first five seconds, then growing by half up to 250. The
 * expected overshoot of a poll is half its interval, and one attempt on an open connection costs 0.3 ms.
 */
export function pollIntervalMs(
  { sinceStartMs, previousMs, isAlert }: PollMoment,
  random = Math.random,
): number {
  if (isAlert) return alertIntervalMs;
  const grown =
    sinceStartMs < firstPhaseMs ? firstIntervalMs : Math.max(previousMs, firstIntervalMs) * growth;
  return Math.min(grown, longestIntervalMs) * (1 - jitter + 2 * jitter * random());
}
