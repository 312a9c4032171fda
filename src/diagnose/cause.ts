import type { LiveWorkerErrorCode } from '../errors.ts';
import type { Evidence } from './evidence.ts';

/** What made a worker fail, for people. */
export interface Cause {
  /** Reads on after "cause:". */
  readonly text: string;
  /** What to do, one step each. */
  readonly change: readonly string[];
  /** The code of a failed start that it leads, where that says more than how it failed. */
  readonly code?: LiveWorkerErrorCode;
}

/** Undefined when the evidence does not show it. */
export type CauseRule = (evidence: Evidence) => Cause | undefined;
