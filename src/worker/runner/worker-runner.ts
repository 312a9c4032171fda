import type { LogExcess } from '../../diagnose/explain-log-limit.ts';
import type { LiveWorkerError } from '../../errors.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import type { CoverageMeter } from '../coverage/coverage-meter.ts';
import type { ExitPolicy } from '../lifecycle/exit-policy.ts';
import type { LifecycleEvent, WorkerExit } from '../lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../lifecycle/lifecycle-state.ts';
import { transition } from '../lifecycle/transition.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import { recordAnswers } from '../prepare/record-answers.ts';
import { carryOut, type LaunchStages } from './carry-out.ts';
import { LaunchRestart } from './launch-restart.ts';
import { LaunchStart } from './launch-start.ts';
import { LaunchStop } from './launch-stop.ts';
import type { LaunchWatch } from './launch-watch.ts';
import { OutcomeReporter } from './outcome-reporter.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';
import { notRunning } from './worker-errors.ts';
import { WorkerLaunch } from './worker-launch.ts';

export interface WorkerRunnerOptions extends RunnerReports {
  readonly logs: LogFiles;
  /** Of a worker whose coverage is measured. */
  readonly meter?: CoverageMeter | undefined;
  readonly launchWatch: LaunchWatch;
  /** Prepares the launch that is to follow an exit by itself. */
  readonly prepareRestart: (after: WorkerExit, signal: AbortSignal) => Promise<PreparedLaunch>;
  /** A restart has failed that no test waits for. */
  readonly onRestartFailed: (error: LiveWorkerError) => void;
  /** Where it is in its life, or how it ended, has changed. */
  readonly onChange?: () => void;
}

/** Drives one worker through its life: has carried out what `transition()` decides, and tells it what happened. */
export class WorkerRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly board = new ProbeBoard(recordAnswers((event, fields) => this.#record(event, fields)));
  readonly #options: WorkerRunnerOptions;
  readonly #stages: LaunchStages;
  readonly #outcome: OutcomeReporter;
  #state: LifecycleState = idle;
  #launch: WorkerLaunch | undefined;

  constructor(options: WorkerRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.logs = options.logs;
    const record = this.#record.bind(this);
    const dispatch = this.#dispatch.bind(this);
    this.#outcome = new OutcomeReporter({ ...options, record });
    this.#stages = {
      start: new LaunchStart({ ...options, board: this.board, dispatch }),
      stop: new LaunchStop({ ...options, record, dispatch }),
      restart: new LaunchRestart({ ...options, record, dispatch, begin: this.#begin.bind(this) }),
      outcome: this.#outcome,
    };
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get prepared(): PreparedLaunch | undefined {
    return this.#launch?.prepared;
  }

  get isDying(): boolean {
    return this.#launch?.processes?.isLeaderDying ?? false;
  }

  get running(): RunningWorker | undefined {
    return this.#launch?.processes?.running;
  }

  get lastExit(): WorkerExit | undefined {
    return this.#launch?.exit;
  }

  get flood(): LogExcess | undefined {
    return this.#launch?.flood;
  }

  start(prepared: PreparedLaunch): Promise<void> {
    this.#begin(prepared);
    const ready = this.#outcome.untilReady();
    this.#dispatch({ kind: 'start-asked' });
    return ready;
  }

  async stop(): Promise<void> {
    if (this.#state.kind === 'ready') await this.#options.meter?.take(this);
    this.#dispatch({ kind: 'stop-asked' });
    await this.#untilStopped();
  }

  async kill(): Promise<void> {
    this.#dispatch({ kind: 'kill-asked' });
    await this.#untilStopped();
  }

  signal(signal: NodeJS.Signals): void {
    const processes = this.#launch?.processes;
    if (!processes) return;
    this.#dispatch({ kind: 'exit-expected' });
    this.#record('worker.signalled', { signal });
    processes.signalLeader(signal);
  }

  pause(): void {
    this.#launch?.processes?.pause();
  }

  resume(): void {
    this.#launch?.processes?.resume();
  }

  async #untilStopped(): Promise<void> {
    const { kind } = this.#state;
    if (kind !== 'idle' && kind !== 'stopped') await this.#outcome.untilStopped();
  }

  #begin(prepared: PreparedLaunch): void {
    this.#launch = new WorkerLaunch(prepared, {
      ...this.#options,
      record: this.#record.bind(this),
      onFlood: () => this.#endFlood(),
    });
  }

  /** What follows the signal is an exit like any other that was not asked for. */
  #endFlood(): void {
    if (this.#state.kind === 'stopping') this.#dispatch({ kind: 'kill-asked' });
    else this.#launch?.processes?.signalLeader('SIGKILL');
  }

  #dispatch(event: LifecycleEvent): void {
    const { state, effects } = transition(this.#state, event, this.#policy);
    this.#state = state;
    for (const effect of effects) carryOut(effect, this.#stages, this.#launchOrThrow(), this.#state.launch);
    if (effects.length > 0 || state.kind !== 'idle') this.#options.onChange?.();
  }

  /** What fills the disk is not started again. */
  get #policy(): ExitPolicy {
    const { onExit, restartLimit } = this.spec;
    return { onExit: this.flood ? 'fail' : onExit, restartLimit };
  }

  #launchOrThrow(): WorkerLaunch {
    if (!this.#launch) throw notRunning(this.spec.name);
    return this.#launch;
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }
}
