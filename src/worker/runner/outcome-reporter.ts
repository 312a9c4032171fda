import { isLiveWorkerError, type LiveWorkerError } from '../../errors.ts';
import type { LaunchFailure, WorkerDeath } from '../lifecycle/lifecycle-effects.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { RunnerReports } from './worker-control.ts';
import { notRunning, stopFailed } from './worker-errors.ts';
import type { RecordEvent, WorkerLaunch } from './worker-launch.ts';
import { killLimitMs } from './worker-processes.ts';

export interface OutcomeReporterOptions extends Pick<RunnerReports, 'spec' | 'look' | 'explain' | 'onDeath'> {
  readonly onRestartFailed: (error: LiveWorkerError) => void;
  readonly record: RecordEvent;
}

/** Tells those that asked for a start or a stop, and the test file, what became of a launch. */
export class OutcomeReporter {
  readonly #options: OutcomeReporterOptions;
  /** Undefined once it was answered, and for a restart that follows an exit by itself. */
  #starting: Deferred<void> | undefined;
  #stopping: Deferred<void> | undefined;

  constructor(options: OutcomeReporterOptions) {
    this.#options = options;
  }

  /** Rejects with why it is not going to be. */
  untilReady(): Promise<void> {
    this.#starting = deferred();
    return this.#starting.promise;
  }

  /** @throws STOP_FAILED */
  async untilStopped(): Promise<void> {
    this.#stopping ??= deferred();
    await this.#stopping.promise;
  }

  reportReady(): void {
    this.#options.record('worker.ready');
    this.#starting?.resolve();
    this.#starting = undefined;
  }

  reportFailure(failure: LaunchFailure, launch: WorkerLaunch): void {
    const { record, onRestartFailed } = this.#options;
    const error = this.#explain(failure, launch);
    record('worker.failed', { code: error.code, message: error.message });
    if (this.#starting) this.#starting.reject(error);
    else onRestartFailed(error);
  }

  reportExit(exit: WorkerExit, asked: boolean, launch: WorkerLaunch): void {
    launch.exit = exit;
    this.#options.record('worker.exited', { ...exit, asked });
  }

  reportDeath(death: WorkerDeath): void {
    this.#options.onDeath(death);
  }

  reportStopped(survivors: number, launch: WorkerLaunch): void {
    const { spec, record } = this.#options;
    record('worker.stopped', { survivors });
    launch.close(survivors);
    this.#starting?.reject(notRunning(spec.name));
    this.#starting = undefined;
    const stopping = this.#stopping;
    this.#stopping = undefined;
    if (survivors === 0) stopping?.resolve();
    else stopping?.reject(stopFailed(spec.name, launch.survivors, killLimitMs));
  }

  #explain(failure: LaunchFailure, { seenHanging }: WorkerLaunch): LiveWorkerError {
    const { look, explain } = this.#options;
    if (failure.kind !== 'refused') return explain(failure, seenHanging ?? look(failure));
    if (isLiveWorkerError(failure.error)) return failure.error;
    const refused = { kind: 'spawn-failed', error: failure.error } as const;
    return explain(refused, look(refused));
  }
}
