import type { StartFailure } from '../../diagnose/evidence.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { GateOutcome } from '../../probe/until-ready.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import { stopping } from '../lifecycle/end-launch.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../lifecycle/lifecycle-state.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import { notShared } from './shared-errors.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';
import type { LeasedWorker, WorkerLease } from './worker-lease.ts';

/** It has one launch only, as far as this file sees. */
const leased = { ...idle, launch: 1 };

export interface LeasedRunnerOptions extends RunnerReports {
  readonly view: LogView;
}

/** Watches a worker of the run: waits until it is ready, asks its probes once more, notices its end, and never sends it a signal. */
export class LeasedRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  readonly board = new ProbeBoard();
  /** How much it writes is watched where it was started. */
  readonly flood = undefined;
  readonly #options: LeasedRunnerOptions;
  readonly #over = new AbortController();
  #lease: WorkerLease | undefined;
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #running: RunningWorker | undefined;
  #lastExit: WorkerExit | undefined;

  constructor(options: LeasedRunnerOptions) {
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

  /** True between the death of its leader and the news of that. */
  get isDying(): boolean {
    return this.#running !== undefined && !this.#lastExit && !isAlive(this.#running.leader);
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  /** The lease comes before the launch is prepared. */
  takeLease(lease: WorkerLease): LeasedWorker {
    this.#lease = lease;
    return this.#leased();
  }

  /** Resolves when it is ready, for this file too. @throws the explained failure of its start */
  async start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#state = { ...leased, kind: 'probing', exitAsked: false };
    const worker = this.#leased();
    const leader = await worker.ready;
    this.#record('worker.leased', { pid: leader.pid, id: prepared.plan.id });
    const gone = new AbortController();
    const exited = new Promise<WorkerExit>(resolve => worker.onExit(resolve));
    this.#running = { plan: prepared.plan, logs: this.logs, leader, exited, notified: Promise.resolve() };
    worker.onExit(exit => this.#noteEnd(exit, gone));
    await this.#askProbes(prepared, this.#running, gone.signal);
    this.#state = { ...leased, kind: 'ready', exitAsked: false };
  }

  async untilHeard(): Promise<void> {
    await this.#lease?.untilHeard();
  }

  /** It goes on for other files: only the watching ends. */
  async stop(): Promise<void> {
    this.#over.abort();
    this.#running = undefined;
    if (this.#state.kind !== 'idle') this.#state = { ...leased, kind: 'stopped' };
  }

  async kill(): Promise<void> {
    throw notShared(this.spec.name, 'kill');
  }

  signal(): void {
    throw notShared(this.spec.name, 'signal');
  }

  pause(): void {
    throw notShared(this.spec.name, 'pause');
  }

  resume(): void {
    throw notShared(this.spec.name, 'resume');
  }

  #leased(): LeasedWorker {
    const worker = this.#lease?.workers.get(this.spec.name);
    if (!worker) throw new TypeError(`There is no lease of worker "${this.spec.name}"`);
    return worker;
  }

  async #askProbes(prepared: PreparedLaunch, running: RunningWorker, gone: AbortSignal): Promise<void> {
    const late = AbortSignal.timeout(this.spec.startTimeoutMs);
    const outcome = await prepared.gate(
      running,
      this.board,
      AbortSignal.any([gone, late, this.#over.signal]),
    );
    if (outcome.kind === 'ready' || this.#over.signal.aborted) return;
    const { look, explain } = this.#options;
    const failure = this.#failureOf(outcome);
    throw explain(failure, look(failure));
  }

  #failureOf(outcome: GateOutcome): StartFailure {
    if (outcome.kind === 'fatal')
      return { kind: 'probe-fatal', probe: outcome.probe.description, why: outcome.why };
    return this.#lastExit ? { kind: 'exited', exit: this.#lastExit } : { kind: 'timeout' };
  }

  #noteEnd(exit: WorkerExit, gone: AbortController): void {
    if (this.#over.signal.aborted) return;
    const wasReady = this.#state.kind === 'ready';
    this.#lastExit = exit;
    this.#state = { ...stopping(leased, 'reaping'), leaderGone: true };
    this.#record('worker.exited', { ...exit });
    gone.abort();
    if (!wasReady) return;
    this.#options.onDeath({ kind: this.spec.onExit === 'ignore' ? 'ignored' : 'failure', exit });
  }

  #record(event: string, fields: Readonly<Record<string, unknown>>): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }
}
