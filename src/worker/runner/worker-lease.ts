import type { LogExcess } from '../../diagnose/explain-log-limit.ts';
import type { LiveWorkerError } from '../../errors.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { GivenSlot } from '../../service/file-slots.ts';
import type { ProvidedServer } from '../../service/server-capability.ts';
import type { TapReading } from '../../tap/flow/tap-reading.ts';
import type { TapLeg } from '../../tap/launch-tap.ts';
import type { WorkerDeath } from '../lifecycle/lifecycle-effects.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import type { LifecycleState } from '../lifecycle/lifecycle-state.ts';
import type { ForcedStop } from './forced-stop.ts';

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
  /** What its tap stands between; undefined where it has none. */
  readonly tapLegs?: readonly TapLeg[];
  /** Resolves with its leader when it is ready. @throws the explained failure of its start */
  readonly ready: Promise<ProcessIdentity>;
  /** What it waits for until then, as far as that was heard of. */
  whyNotReady(): string;
  /** Calls `listener` when it has ended, also when it had before. */
  onExit(listener: (exit: WorkerExit) => void): void;
  /** Its records are not those of the file. */
  readonly isApart: boolean;
  /** Where no other file uses it at the same time. */
  readonly control?: LeaseControl;
}

/** What a test may do to a worker that another process holds for its file alone, and what is heard of it. */
export interface LeaseControl {
  /** What is asked for is done when it resolves. @throws STOP_FAILED, SUPERVISOR_LOST */
  act(action: WorkerAction): Promise<void>;
  /** Resolves when its next launch is prepared and on its way; `ready` is that of it from then on. @throws the codes of a launch */
  relaunch(env: Readonly<Record<string, string | null>>): Promise<RelaunchedWorker>;
  /** Calls `listener` with what becomes of it from now on, and with the last that is known. */
  follow(listener: (news: LaunchNews) => void): void;
}

export type WorkerAction =
  | { readonly kind: 'stop' | 'kill' | 'pause' | 'resume' }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals };

export interface RelaunchedWorker {
  readonly plan: LaunchPlan;
  readonly ready: Promise<ProcessIdentity>;
}

/** What its holder tells of a worker that one file alone uses. */
export type LaunchNews =
  | {
      readonly kind: 'state';
      readonly state: LifecycleState;
      /** While a process of it runs. */
      readonly leader?: ProcessIdentity;
      readonly exit?: WorkerExit;
      readonly flood?: LogExcess;
    }
  /** It ended after it was ready, without being asked to, and is not started again. */
  | { readonly kind: 'died'; readonly death: WorkerDeath }
  /** It is being started again by itself. */
  | { readonly kind: 'restarting'; readonly after: WorkerExit }
  | { readonly kind: 'restarted'; readonly plan: LaunchPlan }
  | { readonly kind: 'restartFailed'; readonly error: LiveWorkerError }
  | { readonly kind: 'forced'; readonly forced: ForcedStop };

/** What a test file wants of the workers of the run. */
export interface LeaseRequest {
  readonly workers: readonly WorkerSpec[];
  readonly rootDir: string;
  /** From rootDir. */
  readonly testFile: string;
  /** That of its records, absolute. */
  readonly folder: string;
  /** Those of the run that they use. */
  readonly servers?: readonly ProvidedServer[];
  /** What the file has for itself alone; undefined without `isolate`. */
  readonly slots?: LeaseSlots | undefined;
}

export interface LeaseSlots {
  readonly given: readonly GivenSlot[];
  /** `isolate.env` */
  readonly env: Readonly<Record<string, string>>;
}

/** What the running test fails by, and where that is said otherwise, those after it. */
export interface LeaseLoss {
  readonly error: LiveWorkerError;
  readonly repeated?: LiveWorkerError;
}

/** What a test file uses of the workers of the run, until it ends it or dies. */
export interface WorkerLease {
  /** By name. */
  readonly workers: ReadonlyMap<string, LeasedWorker>;
  /** Resolves when the process that holds the workers is gone before the lease was ended, or these are no longer alone on a queue. */
  readonly lost: Promise<LeaseLoss>;
  /** What the tap of one of them has noted; undefined when it is gone. @see Tap.read */
  readTap(worker: string, after: number): Promise<TapReading | undefined>;
  /** Resolves when every exit that was seen there was heard of here. Never throws. */
  untilHeard(): Promise<void>;
  /**
   * Resolves when those that no other file may use are stopped, every exit until then was heard of here, and what its workers wrote
   * until then was shown, where that is asked for: a later exit is told to others. Resolves with what went wrong; never throws.
   */
  end(): Promise<readonly unknown[]>;
  readonly isEnded: boolean;
}
