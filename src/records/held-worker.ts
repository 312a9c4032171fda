import type { PidSpace } from '../process/table/pid-space.ts';
import type { ProcessIdentity } from '../process/table/process-entry.ts';

/** A worker that `live-worker run` holds in a terminal: what a test file needs to attach to it. No value of a variable is in it. */
export interface HeldWorker {
  readonly worker: string;
  /** The value of LIVE_WORKER_ID. */
  readonly id: string;
  /** The process of `live-worker run`. */
  readonly owner: ProcessIdentity & PidSpace;
  /** Undefined until it is started. */
  readonly leader?: ProcessIdentity;
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
  readonly launchPath: string;
  /** The names of its variables. */
  readonly env: readonly string[];
  /** Milliseconds since the epoch; undefined until its probes were satisfied. */
  readonly readyAtMs?: number;
}
