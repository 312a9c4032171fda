import type { StartFailure } from '../../diagnose/evidence.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { GateOutcome } from '../../probe/until-ready.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { HeldWorker } from '../../records/held-worker.ts';
import { stopping } from '../lifecycle/end-launch.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../lifecycle/lifecycle-state.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import { notAttached, notOurs } from './attach-errors.ts';
import { untilHeldReady, watchHeldWorker } from './held-worker-watch.ts';
import { provePresence } from './prove-presence.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';

/** It has one launch only, as far as we see. */
const attached = { ...idle, launch: 1 };

export interface AttachedRunnerOptions extends RunnerReports {
  readonly view: LogView;
  /** Undefined for a worker that no `live-worker run` holds. */
  readonly held: HeldWorker | undefined;
}

/** Watches a worker that was started elsewhere: waits for its probes, notices its end, and never sends it a signal. */
export class AttachedRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  readonly board = new ProbeBoard(answer => {
    if (answer.kind === 'pending') this.#unmet.abort();
  });
  held: HeldWorker | undefined;
  /** How much it writes is watched where it was started. */
  readonly flood = undefined;
  readonly #options: AttachedRunnerOptions;
  readonly #over = new AbortController();
  /** Aborted by the first probe that is not satisfied. */
  readonly #unmet = new AbortController();
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #running: RunningWorker | undefined;
  #lastExit: WorkerExit | undefined;
  #watch: { close(): void } | undefined;

  constructor(options: AttachedRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.view = options.view;
    this.held = options.held;
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

  /** Resolves when the probes are satisfied. @throws ATTACH_FAILED at once when no `live-worker run` holds it and they are not. */
  async start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#state = { ...attached, kind: 'probing', exitAsked: false };
    this.#record('worker.attached', { pid: this.held?.leader?.pid ?? null, id: this.held?.id ?? null });
    if (this.held?.leader) await this.#untilReady(prepared, this.held, this.held.leader);
    else await this.#provePresence(prepared);
    if (this.#over.signal.aborted) throw notAttached(this.spec.name);
    this.#state = { ...attached, kind: 'ready', exitAsked: false };
    this.#record('worker.ready');
  }

  /** It goes on: only the watching ends. */
  async stop(): Promise<void> {
    this.#over.abort();
    this.#watch?.close();
    this.#running = undefined;
    if (this.#state.kind !== 'idle') this.#state = { ...attached, kind: 'stopped' };
  }

  async kill(): Promise<void> {
    throw notOurs(this.spec.name);
  }

  signal(): void {
    throw notOurs(this.spec.name);
  }

  pause(): void {
    throw notOurs(this.spec.name);
  }

  resume(): void {
    throw notOurs(this.spec.name);
  }

  async #untilReady(prepared: PreparedLaunch, held: HeldWorker, leader: ProcessIdentity): Promise<void> {
    const gone = new AbortController();
    this.#running = {
      plan: prepared.plan,
      logs: this.logs,
      leader,
      exited: new Promise(() => {}),
      notified: untilHeldReady(prepared.rootDir, this.spec.name, this.#over.signal),
    };
    this.#watch = watchHeldWorker(held, leader, exit => this.#noteEnd(exit, gone));
    const late = AbortSignal.timeout(this.spec.startTimeoutMs);
    const signal = AbortSignal.any([gone.signal, late, this.#over.signal]);
    const outcome = await prepared.gate(this.#running, this.board, signal);
    if (outcome.kind === 'ready' || this.#over.signal.aborted) return;
    const { look, explain } = this.#options;
    const failure = this.#failureOf(outcome);
    throw explain(failure, look(failure));
  }

  #provePresence(prepared: PreparedLaunch): Promise<void> {
    const { signal: over } = this.#over;
    const { signal: unmet } = this.#unmet;
    return provePresence(prepared, { worker: this.spec.name, board: this.board, unmet, over });
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
    this.#state = { ...stopping(attached, 'reaping'), leaderGone: true };
    this.#record('worker.exited', { ...exit });
    gone.abort();
    const { onExit } = this.spec;
    if (wasReady) this.#options.onDeath({ kind: onExit === 'ignore' ? 'ignored' : 'failure', exit });
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }
}
