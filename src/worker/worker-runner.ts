import type { Evidence } from '../diagnose/evidence.ts';
import type { LogExcess } from '../diagnose/explain-log-limit.ts';
import { isLiveWorkerError, type LiveWorkerError } from '../errors.ts';
import type { LogFiles } from '../logs/open-log-files.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { RunningWorker } from '../process/running-worker.ts';
import type { Survivor } from '../process/tree/kill-tree.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { ExitPolicy } from './exit-policy.ts';
import type { LaunchWatch } from './launch-watch.ts';
import { idle, type LifecycleState, transition } from './lifecycle.ts';
import type { LaunchFailure, LifecycleEffect, LifecycleEvent, WorkerExit } from './lifecycle-events.ts';
import { openGrace } from './open-grace.ts';
import type { PreparedLaunch } from './prepare/prepared-launch.ts';
import { ProbeBoard } from './prepare/probe-board.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';
import { notRunning, stopFailed } from './worker-errors.ts';
import { WorkerLaunch } from './worker-launch.ts';
import { killLimitMs } from './worker-processes.ts';

/** What a leader's exit takes to be heard of, at most, when it was found dead; milliseconds. */
const exitDelayMs = 250;

export interface WorkerRunnerOptions extends RunnerReports {
  readonly logs: LogFiles;
  readonly launchWatch: LaunchWatch;
  /** Prepares the launch that is to follow an exit by itself. */
  readonly prepareRestart: (after: WorkerExit, signal: AbortSignal) => Promise<PreparedLaunch>;
  /** A restart that nobody waits for has failed. */
  readonly onRestartFailed: (error: LiveWorkerError) => void;
}

/** Drives one worker through its life: carries out what `lifecycle` decides, and tells it what happened. */
export class WorkerRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly board = new ProbeBoard();
  readonly #options: WorkerRunnerOptions;
  #state: LifecycleState = idle;
  #launch: WorkerLaunch | undefined;
  #lastExit: WorkerExit | undefined;
  #survivors: readonly Survivor[] = [];
  #probing = new AbortController();
  #restarting = new AbortController();
  #flood: LogExcess | undefined;
  #seenHanging: Evidence | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #grace: { close(): void } | undefined;
  /** Undefined for a restart that nobody asked for. */
  #starting: Deferred<void> | undefined;
  #stopping: Deferred<void> | undefined;

  constructor(options: WorkerRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.logs = options.logs;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  /** The launch that runs, or the last one that did. */
  get prepared(): PreparedLaunch | undefined {
    return this.#launch?.prepared;
  }

  /** Its end is settled, though its exit was not heard of. */
  get isDying(): boolean {
    return this.#launch?.processes?.isLeaderDying ?? false;
  }

  /** Undefined unless a process was spawned and its end was not heard of. */
  get running(): RunningWorker | undefined {
    return this.#launch?.processes?.running;
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  /** Set when the launch was ended because of the size of its logs. */
  get flood(): LogExcess | undefined {
    return this.#flood;
  }

  /** Spawns, and resolves when the probes are satisfied. @throws the explained failure. */
  start(prepared: PreparedLaunch): Promise<void> {
    this.#begin(prepared);
    this.#starting = deferred();
    this.#dispatch({ kind: 'start-asked' });
    return this.#starting.promise;
  }

  /** Resolves when nothing of the worker is alive. @throws STOP_FAILED when something still is after SIGKILL. */
  async stop(): Promise<void> {
    this.#dispatch({ kind: 'stop-asked' });
    await this.#untilStopped();
  }

  /** Like `stop`, without the polite part. */
  async kill(): Promise<void> {
    this.#dispatch({ kind: 'kill-asked' });
    await this.#untilStopped();
  }

  /** Sends a signal to the leader; an exit that follows is no failure. */
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
    if (this.#state.kind === 'idle' || this.#state.kind === 'stopped') return;
    this.#stopping ??= deferred();
    await this.#stopping.promise;
  }

  #begin(prepared: PreparedLaunch): void {
    this.#launch = new WorkerLaunch(prepared, {
      spec: this.spec,
      logs: this.logs,
      launchWatch: this.#options.launchWatch,
      record: (event, fields) => this.#record(event, fields),
      onFlood: flood => this.#endFlood(flood),
    });
    this.#lastExit = undefined;
    this.#flood = undefined;
    this.#seenHanging = undefined;
  }

  /** What fills the disk is not started again. */
  get #policy(): ExitPolicy {
    const { onExit, restartLimit } = this.spec;
    return { onExit: this.#flood ? 'fail' : onExit, restartLimit };
  }

  #dispatch(event: LifecycleEvent): void {
    const { state, effects } = transition(this.#state, event, this.#policy);
    this.#state = state;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: LifecycleEffect): void {
    const { launch } = this.#state;
    switch (effect.kind) {
      case 'spawn':
        void this.#spawn(launch);
        break;
      case 'arm-deadline':
        this.#deadline = setTimeout(() => this.#onDeadline(launch), this.spec.startTimeoutMs);
        break;
      case 'disarm-deadline':
        clearTimeout(this.#deadline);
        break;
      case 'start-probes':
        void this.#probe(launch);
        break;
      case 'cancel-probes':
        this.#probing.abort();
        break;
      case 'ask-stacks':
        void this.#askStacks(launch);
        break;
      case 'signal-leader':
        if (this.#launchOrThrow().askToEnd()) this.#dispatch({ kind: 'leader-found-dead', launch });
        break;
      case 'arm-grace':
        this.#grace = this.#openGrace(launch);
        break;
      case 'disarm-grace':
        this.#grace?.close();
        break;
      case 'release-tree':
        void this.#releaseTree(launch);
        break;
      case 'kill-tree':
        void this.#killTree(launch);
        break;
      case 'prepare-restart':
        void this.#prepareRestart(launch, effect.after);
        break;
      case 'cancel-restart':
        this.#restarting.abort(notRunning(this.spec.name));
        break;
      case 'report-ready':
        this.#record('worker.ready');
        this.#starting?.resolve();
        break;
      case 'report-failure':
        this.#reportFailure(effect.failure);
        break;
      case 'report-exit':
        this.#reportExit(effect.exit, effect.asked);
        break;
      case 'report-death':
        this.#options.onDeath(effect.death);
        break;
      case 'report-stopped':
        this.#reportStopped(effect.survivors);
        break;
      default:
        effect satisfies never;
    }
  }

  /** A busy event loop hears of the time before it hears of an exit that came first. */
  #onDeadline(launch: number): void {
    const pass = () => this.#dispatch({ kind: 'deadline', launch });
    if (this.#launch?.processes?.isLeaderAlive === false) this.#deadline = setTimeout(pass, exitDelayMs);
    else pass();
  }

  async #spawn(launch: number): Promise<void> {
    try {
      const running = await this.#launchOrThrow().spawn();
      this.#dispatch({ kind: 'spawned', launch });
      void running.exited.then(exit =>
        this.#dispatch({ kind: 'exited', launch, exit, atMs: performance.now() }),
      );
    } catch (error) {
      this.#dispatch({ kind: 'spawn-failed', launch, error });
    }
  }

  /** What follows the signal is an exit like any other that nobody asked for. */
  #endFlood(flood: LogExcess): void {
    this.#flood = flood;
    if (this.#state.kind === 'stopping') this.#dispatch({ kind: 'kill-asked' });
    else this.#launch?.processes?.signalLeader('SIGKILL');
  }

  async #probe(launch: number): Promise<void> {
    const { prepared, processesOrThrow } = this.#launchOrThrow();
    this.#probing = new AbortController();
    const outcome = await prepared.gate(processesOrThrow.running, this.board, this.#probing.signal);
    if (outcome.kind === 'ready') this.#dispatch({ kind: 'probes-ready', launch });
    if (outcome.kind === 'fatal') {
      this.#dispatch({ kind: 'probe-fatal', launch, probe: outcome.probe.description, why: outcome.why });
    }
  }

  /** Looked at first: the question may end it. */
  async #askStacks(launch: number): Promise<void> {
    const seen = this.#options.look({ kind: 'timeout' });
    this.#seenHanging = seen;
    this.#seenHanging = { ...seen, ...(await this.#options.askStacks()) };
    this.#dispatch({ kind: 'stacks-told', launch });
  }

  #openGrace(launch: number): { close(): void } {
    const { running } = this.#launchOrThrow().processesOrThrow;
    return openGrace({
      spec: this.spec,
      pid: running.leader.pid,
      isLeaderAlive: () => this.#launch?.processes?.isLeaderAlive ?? false,
      onOver: forced => {
        this.#record('worker.killing', { ...forced });
        this.#options.onForcedStop(forced);
        this.#dispatch({ kind: 'grace-over', launch });
      },
    });
  }

  async #releaseTree(launch: number): Promise<void> {
    const gone = await this.#launchOrThrow().release(() => !this.#isPolite(launch));
    if (gone === 'gone') this.#dispatch({ kind: 'tree-gone', launch });
    if (gone === 'unknown') this.#dispatch({ kind: 'kill-asked' });
  }

  #isPolite(launch: number): boolean {
    const state = this.#state;
    return state.kind === 'stopping' && state.launch === launch && state.phase === 'polite';
  }

  async #killTree(launch: number): Promise<void> {
    this.#survivors = await this.#launchOrThrow().kill();
    this.#dispatch({ kind: 'tree-killed', launch, survivors: this.#survivors.length });
  }

  async #prepareRestart(launch: number, after: WorkerExit): Promise<void> {
    this.#starting = undefined;
    this.#restarting = new AbortController();
    const { signal } = this.#restarting;
    this.#record('worker.restarting', { ...after });
    try {
      const prepared = await this.#options.prepareRestart(after, signal);
      signal.throwIfAborted();
      this.#begin(prepared);
      this.#dispatch({ kind: 'restart-prepared', launch });
    } catch (error) {
      this.#dispatch({ kind: 'restart-refused', launch, error });
    }
  }

  #reportFailure(failure: LaunchFailure): void {
    const error = this.#explain(failure);
    this.#record('worker.failed', { code: error.code });
    if (this.#starting) this.#starting.reject(error);
    else this.#options.onRestartFailed(error);
  }

  #explain(failure: LaunchFailure): LiveWorkerError {
    const { look, explain } = this.#options;
    if (failure.kind !== 'refused') return explain(failure, this.#seenHanging ?? look(failure));
    if (isLiveWorkerError(failure.error)) return failure.error;
    const refused = { kind: 'spawn-failed', error: failure.error } as const;
    return explain(refused, look(refused));
  }

  #reportExit(exit: WorkerExit, asked: boolean): void {
    this.#lastExit = exit;
    this.#record('worker.exited', { ...exit, asked });
  }

  #reportStopped(survivors: number): void {
    this.#record('worker.stopped', { survivors });
    this.#launchOrThrow().close(survivors);
    this.#starting?.reject(notRunning(this.spec.name));
    const stopping = this.#stopping;
    this.#stopping = undefined;
    if (survivors === 0) stopping?.resolve();
    else stopping?.reject(stopFailed(this.spec.name, this.#survivors, killLimitMs));
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }

  #launchOrThrow(): WorkerLaunch {
    if (!this.#launch) throw notRunning(this.spec.name);
    return this.#launch;
  }
}
