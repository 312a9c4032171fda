import type { Evidence, StartFailure, WorkerFailure } from '../diagnose/evidence.ts';
import type { LiveWorkerError } from '../errors.ts';
import type { WorkerSpec } from '../spec/options.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { ForcedStop } from './forced-stop.ts';
import type { WorkerDeath } from './lifecycle-events.ts';
import type { WorkerRunner } from './worker-runner.ts';

/** What a session needs of whoever has a worker in hand. */
export type WorkerControl = Pick<WorkerRunner, keyof WorkerRunner>;

/** To whom a runner tells what becomes of its worker. */
export interface RunnerReports {
  readonly spec: WorkerSpec;
  readonly timeline: Timeline;
  /** Looks at everything that is known about the launch now. */
  readonly look: (failure: WorkerFailure) => Evidence;
  /** Asks a worker that hangs where it is; it may die of it. Never rejects. */
  readonly askStacks: () => Promise<Pick<Evidence, 'stacks' | 'busy'>>;
  /** Turns a failed start into the error the user reads. */
  readonly explain: (failure: StartFailure, evidence: Evidence) => LiveWorkerError;
  /** The worker ended after it was ready, and nobody asked it to. */
  readonly onDeath: (death: WorkerDeath) => void;
  /** Its grace is over; SIGKILL follows. */
  readonly onForcedStop: (forced: ForcedStop) => void;
}
