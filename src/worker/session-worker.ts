import type { LiveWorkerError } from '../errors.ts';
import type { LogView } from '../logs/log-view.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { WorkerExit } from './lifecycle/lifecycle-events.ts';
import type { PreparedLaunch } from './prepare/prepared-launch.ts';
import type { ProcessesAtReady } from './processes-at-ready.ts';
import type { Deferred } from './runner/deferred.ts';
import type { ForcedStop } from './runner/forced-stop.ts';
import type { WorkerControl } from './runner/worker-control.ts';

/** One worker of a test file, with everything the session keeps beside it. */
export interface SessionWorker {
  readonly spec: WorkerSpec;
  readonly runner: WorkerControl;
  readonly view: LogView;
  readonly started: Deferred<void>;
  /** Resolves when it was spawned, or is not going to be. */
  readonly spawned: Deferred<void>;
  prepared: PreparedLaunch | undefined;
  /** What its last launch was given beyond its spec. */
  restartEnv: Readonly<Record<string, string | null>>;
  /** The exits it was started again after by itself since the running test, or hook of all tests, began. */
  restartsMeanwhile: readonly WorkerExit[];
  /** The stops it did not obey since then. */
  forcedMeanwhile: readonly ForcedStop[];
  atReady: ProcessesAtReady | undefined;
  /** Its last end, when nobody asked for it and it was not started again. */
  death: LiveWorkerError | undefined;
}
