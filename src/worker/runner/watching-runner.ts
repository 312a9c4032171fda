import type { StartFailure } from '../../diagnose/evidence.ts';
import type { LiveWorkerError } from '../../errors.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { timeLimit } from '../../probe/time-limit.ts';
import type { GateOutcome } from '../../probe/until-ready.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import { stopping } from '../lifecycle/end-launch.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../lifecycle/lifecycle-state.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import type { ProbeBoard } from '../prepare/probe-board.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';

/** It has one launch only, as far as this file sees. */
const watched = { ...idle, launch: 1 };

export interface WatchingRunnerOptions extends RunnerReports {
  readonly view: LogView;
}

/** A worker that another process starts and stops: its probes are asked, its end is noticed, and it is never sent a signal. */
export abstract class WatchingRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  abstract readonly board: ProbeBoard;
  /** How much it writes is watched where it was started. */
  readonly flood = undefined;
  readonly #options: WatchingRunnerOptions;
  readonly #over = new AbortController();
  readonly #gone = new AbortController();
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #running: RunningWorker | undefined;
  #lastExit: WorkerExit | undefined;

  constructor(options: WatchingRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.view = options.view;
  }

  get logs(): LogFiles {
    return this.view.files;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get prepared(): PreparedLaunch | undefined {
    return this.#prepared;
  }

  get running(): RunningWorker | undefined {
    return this.#running;
  }

  get isDying(): boolean {
    return false;
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  /** Aborted when this file is done with it. */
  protected get over(): AbortSignal {
    return this.#over.signal;
  }

  /** Resolves when it is ready, for this file too. @throws the explained failure of its start, ATTACH_FAILED */
  async start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#state = { ...watched, kind: 'probing', exitAsked: false };
    await this.untilReady(prepared);
    if (this.#lastExit) throw this.#explain({ kind: 'exited', exit: this.#lastExit });
    if (!this.#over.signal.aborted) this.#state = { ...watched, kind: 'ready', exitAsked: false };
  }

  /** It goes on: only the watching ends. */
  async stop(): Promise<void> {
    this.#over.abort();
    this.#running = undefined;
    if (this.#state.kind !== 'idle') this.#state = { ...watched, kind: 'stopped' };
  }

  async kill(): Promise<void> {
    throw this.refusal('kill');
  }

  signal(): void {
    throw this.refusal('signal');
  }

  pause(): void {
    throw this.refusal('pause');
  }

  resume(): void {
    throw this.refusal('resume');
  }

  /** What a test is told that wants more than to watch it. */
  protected abstract refusal(action: string): LiveWorkerError;

  /** Resolves when it is proven to be there. */
  protected abstract untilReady(prepared: PreparedLaunch): Promise<void>;

  /** It runs: its probes are satisfied before its deadline. @throws the explained failure */
  protected async untilProven(prepared: PreparedLaunch, running: RunningWorker): Promise<void> {
    this.#running = running;
    const limit = timeLimit(this.spec.startTimeoutMs, this.#gone.signal, this.#over.signal);
    const outcome = await prepared.gate(running, this.board, limit.signal).finally(limit.stop);
    if (outcome.kind === 'ready' || this.#over.signal.aborted) return;
    throw this.#explain(this.#failureOf(outcome));
  }

  protected noteEnd(exit: WorkerExit): void {
    if (this.#over.signal.aborted) return;
    const wasReady = this.#state.kind === 'ready';
    this.#lastExit = exit;
    this.#state = { ...stopping(watched, 'reaping'), leaderGone: true };
    this.record('worker.exited', { ...exit });
    this.#gone.abort();
    const { onExit } = this.spec;
    if (wasReady) this.#options.onDeath({ kind: onExit === 'ignore' ? 'ignored' : 'failure', exit });
  }

  protected record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }

  #explain(failure: StartFailure): LiveWorkerError {
    const { look, explain } = this.#options;
    return explain(failure, look(failure));
  }

  #failureOf(outcome: GateOutcome): StartFailure {
    if (outcome.kind === 'fatal')
      return { kind: 'probe-fatal', probe: outcome.probe.description, why: outcome.why };
    return this.#lastExit ? { kind: 'exited', exit: this.#lastExit } : { kind: 'timeout' };
  }
}
