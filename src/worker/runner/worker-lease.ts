import type { LiveWorkerError } from '../../errors.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { ProvidedServer } from '../../service/server-capability.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';

/** Why a run has two workers of one name. */
export interface LaunchDifference {
  /** The folder of the records of the nearest other one: `workers__ops`. */
  readonly other: string;
  /** `env.NAME`, `cwd`, `command`, `interpreter`, `options.ready` */
  readonly by: readonly string[];
}

/** A worker of the run, as long as a test file uses it. */
export interface LeasedWorker {
  readonly plan: LaunchPlan;
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
  readonly differs?: LaunchDifference;
  /** Resolves with its leader when it is ready. @throws the explained failure of its start */
  readonly ready: Promise<ProcessIdentity>;
  /** What it waits for until then, as far as that was heard of. */
  whyNotReady(): string;
  /** Calls `listener` when it has ended, also when it had before. */
  onExit(listener: (exit: WorkerExit) => void): void;
}

/** What a test file wants of the workers of the run. */
export interface LeaseRequest {
  /** Those whose scope is the run. */
  readonly workers: readonly WorkerSpec[];
  readonly rootDir: string;
  /** From rootDir. */
  readonly testFile: string;
  /** Those of the run that they use. */
  readonly servers?: readonly ProvidedServer[];
}

/** What a test file uses of the workers of the run, until it ends it or dies. */
export interface WorkerLease {
  /** By name; those of the file whose scope is the run. */
  readonly workers: ReadonlyMap<string, LeasedWorker>;
  /** Resolves when the process that holds the workers is gone before the lease was ended. */
  readonly lost: Promise<LiveWorkerError>;
  /** Resolves when every exit that was seen there was heard of here. Never throws. */
  untilHeard(): Promise<void>;
  /**
   * Resolves when every exit until its end was heard of here, and what its workers wrote until then was shown, where that is asked
   * for: a later exit is told to others. Never throws.
   */
  end(): Promise<void>;
}
