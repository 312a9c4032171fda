import type { WorkerSpec } from '../../options/options.ts';
import type { LifecycleEvent, WorkerExit } from '../lifecycle/lifecycle-events.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { notRunning } from './worker-errors.ts';
import type { RecordEvent } from './worker-launch.ts';

export interface LaunchRestartOptions {
  readonly spec: WorkerSpec;
  readonly prepareRestart: (after: WorkerExit, signal: AbortSignal) => Promise<PreparedLaunch>;
  readonly record: RecordEvent;
  begin(prepared: PreparedLaunch): void;
  dispatch(event: LifecycleEvent): void;
}

/** Gets the launch that follows an exit by itself. */
export class LaunchRestart {
  readonly #options: LaunchRestartOptions;
  #preparing = new AbortController();

  constructor(options: LaunchRestartOptions) {
    this.#options = options;
  }

  async prepare(after: WorkerExit, count: number): Promise<void> {
    const { prepareRestart, record, begin, dispatch } = this.#options;
    this.#preparing = new AbortController();
    const { signal } = this.#preparing;
    record('worker.restarting', { ...after });
    try {
      const prepared = await prepareRestart(after, signal);
      signal.throwIfAborted();
      begin(prepared);
      dispatch({ kind: 'restart-prepared', launch: count });
    } catch (error) {
      dispatch({ kind: 'restart-refused', launch: count, error });
    }
  }

  cancel(): void {
    this.#preparing.abort(notRunning(this.#options.spec.name));
  }
}
