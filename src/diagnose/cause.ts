import type { Evidence } from './evidence.ts';

/** What made a worker fail, for people. */
export interface Cause {
  /** Reads on after "cause:". */
  readonly text: string;
  /** What to do, one step each. */
  readonly change: readonly string[];
}

/** Undefined when the evidence does not show it. */
export type CauseRule = (evidence: Evidence) => Cause | undefined;
