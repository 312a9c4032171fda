import type { LaunchPlan } from '../launch/plan.ts';
import type { LogFiles } from '../logs/open-log-files.ts';
import type { ProcessIdentity } from './table/process-entry.ts';

/** How a process ended: exactly one of the two is set. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A spawned leader. It exists only as the product of a successful spawn. */
export interface RunningWorker {
  readonly plan: LaunchPlan;
  readonly leader: ProcessIdentity;
  readonly logs: LogFiles;
  /** Resolves once, with the leader's end. */
  readonly exited: Promise<ProcessExit>;
  /** Resolves when the worker has written a newline to LIVE_WORKER_READY_FD; never without a `notify` probe. */
  readonly notified: Promise<void>;
}
