import type { Evidence, StartFailure, WorkerFailure } from '../../diagnose/evidence.ts';
import type { LogExcess } from '../../diagnose/explain-log-limit.ts';
import type { LiveWorkerError } from '../../errors.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import type { Timeline } from '../../records/timeline.ts';
import type { WorkerDeath } from '../lifecycle/lifecycle-effects.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import type { LifecycleState } from '../lifecycle/lifecycle-state.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import type { ProbeBoard } from '../prepare/probe-board.ts';
import type { ForcedStop } from './forced-stop.ts';

/** What a test file does with a worker: one that it started, or one that it attached to. */
export interface WorkerControl {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  /** The last answers of its probes. */
  readonly board: ProbeBoard;
  readonly state: LifecycleState;
  /** The launch that runs, or the last one that did. */
  readonly prepared: PreparedLaunch | undefined;
  /** Undefined unless a process was spawned and its end was not heard of. */
  readonly running: RunningWorker | undefined;
  /** Its end is certain, though its exit was not heard of. */
  readonly isDying: boolean;
  readonly lastExit: WorkerExit | undefined;
  /** Set when the launch was ended because of the size of its logs. */
  readonly flood: LogExcess | undefined;
  /** Resolves when the probes are satisfied. @throws the explained failure. */
  start(prepared: PreparedLaunch): Promise<void>;
  /** Resolves when nothing of the worker is alive, or is watched. @throws STOP_FAILED */
  stop(): Promise<void>;
  /** Like `stop`, without the polite part. @throws STOP_FAILED, WORKER_ATTACHED */
  kill(): Promise<void>;
  /** Sends a signal to the leader; an exit that follows is no failure. @throws WORKER_ATTACHED */
  signal(signal: NodeJS.Signals): Promise<void> | void;
  /** @throws WORKER_ATTACHED */
  pause(): Promise<void> | void;
  /** @throws WORKER_ATTACHED */
  resume(): Promise<void> | void;
  /** What it waits for in another process; nothing where that is not known. */
  whyNotReady?(): string;
  /** Resolves when every exit that another process has seen was heard of here. Never throws. */
  untilHeard?(): Promise<void>;
}

/** What a runner asks, and tells, of its worker. */
export interface RunnerReports {
  readonly spec: WorkerSpec;
  readonly timeline: Timeline;
  /** Looks at everything that is known about the launch now. */
  readonly look: (failure: WorkerFailure) => Evidence;
  /** Asks a worker that hangs what it is doing; it may die of the question. Never rejects. */
  readonly askStacks: () => Promise<Pick<Evidence, 'stacks' | 'busy'>>;
  /** Turns a failed start into the error the user reads. */
  readonly explain: (failure: StartFailure, evidence: Evidence) => LiveWorkerError;
  /** The worker ended after it was ready, without being asked to. */
  readonly onDeath: (death: WorkerDeath) => void;
  /** Its grace is over; SIGKILL follows. */
  readonly onForcedStop: (forced: ForcedStop) => void;
}
