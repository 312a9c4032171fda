import type { StartFailure } from '../diagnose/evidence.ts';
import type { Flood } from '../diagnose/explain-flood.ts';
import type { LiveWorkerError } from '../errors.ts';
import type { Survivor } from '../process/kill-tree.ts';
import type { LogFiles } from '../process/open-log-files.ts';
import type { RunningWorker } from '../process/running-worker.ts';
import { spawnWorker } from '../process/spawn-worker.ts';
import type { WorkerSpec } from '../spec/options.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { WorkerExit } from './contract.ts';
import { type Deferred, deferred } from './deferred.ts';
import { guardLogs } from './guard-logs.ts';
import type { LaunchWatch } from './launch-watch.ts';
import {
  idle,
  type LifecycleEffect,
  type LifecycleEvent,
  type LifecycleState,
  transition,
} from './lifecycle.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { ProbeBoard } from './probe-board.ts';
import { notRunning, stopFailed } from './worker-errors.ts';
import { killLimitMs, WorkerProcesses } from './worker-processes.ts';

/** What a leader's exit takes to be heard of, at most, when it was found dead; milliseconds. */
const exitDelayMs = 250;

/** To whom a runner tells what becomes of its worker. */
export interface RunnerReports {
  readonly spec: WorkerSpec;
  readonly timeline: Timeline;
  /** Turns a failed start into the error the user reads. */
  readonly explain: (failure: StartFailure) => LiveWorkerError;
  /** The worker ended after it was ready, and nobody asked it to. */
  readonly onDeath: (exit: WorkerExit) => void;
}

export interface WorkerRunnerOptions extends RunnerReports {
  readonly logs: LogFiles;
  readonly launchWatch: LaunchWatch;
}

/** What a session needs of whoever has a worker in hand. */
export type WorkerControl = Pick<WorkerRunner, keyof WorkerRunner>;

/** Drives one worker through its life: carries out what `lifecycle` decides, and tells it what happened. */
export class WorkerRunner {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly board = new ProbeBoard();
  readonly #options: WorkerRunnerOptions;
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #processes: WorkerProcesses | undefined;
  #lastExit: WorkerExit | undefined;
  #wasReady = false;
  #isExitExpected = false;
  #wasGoneBeforeStop = false;
  #survivors: readonly Survivor[] = [];
  #probing = new AbortController();
  #flood: Flood | undefined;
  #guard: { close(): void } | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
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
    return this.#prepared;
  }

  /** Its end is settled, though its exit was not heard of. */
  get isDying(): boolean {
    return this.#processes?.isLeaderDying ?? false;
  }

  /** Undefined unless a process was spawned and its end was not heard of. */
  get running(): RunningWorker | undefined {
    return this.#processes?.running;
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  /** Set when the launch was ended because of the size of its logs. */
  get flood(): Flood | undefined {
    return this.#flood;
  }

  /** Spawns, and resolves when the probes are satisfied. @throws the explained failure. */
  start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#wasReady = false;
    this.#isExitExpected = false;
    this.#wasGoneBeforeStop = false;
    this.#lastExit = undefined;
    this.#flood = undefined;
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
    if (!this.#processes) return;
    this.#isExitExpected = true;
    this.#dispatch({ kind: 'exit-expected' });
    this.#record('worker.signalled', { signal });
    this.#processes.signalLeader(signal);
  }

  pause(): void {
    this.#processes?.pause();
  }

  resume(): void {
    this.#processes?.resume();
  }

  async #untilStopped(): Promise<void> {
    if (this.#state.kind === 'idle' || this.#state.kind === 'stopped') return;
    this.#stopping ??= deferred();
    await this.#stopping.promise;
  }

  #dispatch(event: LifecycleEvent): void {
    const { state, effects } = transition(this.#state, event);
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
      case 'signal-leader':
        this.#signalLeader();
        break;
      case 'arm-grace':
        this.#grace = setTimeout(
          () => this.#dispatch({ kind: 'grace-over', launch }),
          this.spec.stop.graceMs,
        );
        break;
      case 'disarm-grace':
        clearTimeout(this.#grace);
        break;
      case 'release-tree':
        void this.#releaseTree(launch);
        break;
      case 'kill-tree':
        void this.#killTree(launch);
        break;
      case 'report-ready':
        this.#wasReady = true;
        this.#record('worker.ready');
        this.#starting?.resolve();
        break;
      case 'report-failure':
        this.#reportFailure(effect.failure);
        break;
      case 'report-exit':
        this.#reportExit(effect.exit, effect.asked);
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
    if (this.#processes?.isLeaderAlive === false) this.#deadline = setTimeout(pass, exitDelayMs);
    else pass();
  }

  async #spawn(launch: number): Promise<void> {
    const { plan, specs } = this.#launchOrThrow();
    try {
      const notify = specs.some(probe => probe.kind === 'notify');
      this.#watch();
      const running = await spawnWorker(plan, this.logs, { notify });
      this.#processes = new WorkerProcesses(running);
      this.#watch();
      this.#guard = this.#guardLogs();
      this.#record('worker.spawned', { pid: running.leader.pid, id: plan.id });
      this.#dispatch({ kind: 'spawned', launch });
      void running.exited.then(exit => this.#dispatch({ kind: 'exited', launch, exit }));
    } catch (error) {
      this.#dispatch({ kind: 'spawn-failed', launch, error });
    }
  }

  #guardLogs(): { close(): void } {
    const limitBytes = this.spec.maxLogBytes;
    return guardLogs(this.logs, {
      limitBytes,
      onFlood: bytes => {
        this.#flood = { bytes, limitBytes };
        this.#record('worker.flooded', { bytes, limitBytes });
        if (this.#state.kind === 'stopping') this.#dispatch({ kind: 'kill-asked' });
        // What follows is an exit like any other that nobody asked for.
        else this.#processes?.signalLeader('SIGKILL');
      },
      onFault: what => this.#record('log.fault', { what }),
    });
  }

  async #probe(launch: number): Promise<void> {
    const { running } = this.#processesOrThrow();
    this.#probing = new AbortController();
    const outcome = await this.#launchOrThrow().gate(running, this.board, this.#probing.signal);
    if (outcome.kind === 'ready') this.#dispatch({ kind: 'probes-ready', launch });
    if (outcome.kind === 'fatal') {
      this.#dispatch({ kind: 'probe-fatal', launch, probe: outcome.probe.description, why: outcome.why });
    }
  }

  #signalLeader(): void {
    const { signal } = this.spec.stop;
    this.#record('worker.stopping', { signal });
    this.#watch({ isAsked: true });
    const outcome = this.#processesOrThrow().askToEnd(signal);
    this.#wasGoneBeforeStop = outcome === 'gone' && !this.#isExitExpected;
  }

  async #releaseTree(launch: number): Promise<void> {
    const { signal } = this.spec.stop;
    const gone = await this.#processesOrThrow().release(
      signal,
      () => !this.#isPolite(launch),
      heir => {
        this.#options.launchWatch.noteHeir(this.#launchOrThrow().plan.id, heir);
        this.#record('worker.heir-stopping', { pid: heir.pid, signal });
      },
    );
    if (gone === 'gone') this.#dispatch({ kind: 'tree-gone', launch });
    if (gone === 'unknown') this.#dispatch({ kind: 'kill-asked' });
  }

  #isPolite(launch: number): boolean {
    const state = this.#state;
    return state.kind === 'stopping' && state.launch === launch && state.phase === 'polite';
  }

  async #killTree(launch: number): Promise<void> {
    this.#survivors = await this.#processesOrThrow().kill();
    this.#dispatch({ kind: 'tree-killed', launch, survivors: this.#survivors.length });
  }

  #reportFailure(failure: StartFailure): void {
    const error = this.#options.explain(failure);
    this.#record('worker.failed', { code: error.code });
    this.#starting?.reject(error);
  }

  /** A leader that was dead when the signal was to be sent did not die of it: its exit was only heard of late. */
  #reportExit(exit: WorkerExit, askedInTime: boolean): void {
    const asked = askedInTime && !this.#wasGoneBeforeStop;
    this.#lastExit = exit;
    this.#record('worker.exited', { ...exit, asked });
    if (!asked && this.#wasReady) this.#options.onDeath(exit);
  }

  #reportStopped(survivors: number): void {
    this.#record('worker.stopped', { survivors });
    if (survivors === 0) this.#options.launchWatch.forget(this.#launchOrThrow().plan.id);
    this.#guard?.close();
    this.#processes = undefined;
    this.#starting?.reject(notRunning(this.spec.name));
    const stopping = this.#stopping;
    this.#stopping = undefined;
    if (survivors === 0) stopping?.resolve();
    else stopping?.reject(stopFailed(this.spec.name, this.#survivors, killLimitMs));
  }

  #watch({ isAsked = false } = {}): void {
    this.#options.launchWatch.watch({
      id: this.#launchOrThrow().plan.id,
      worker: this.spec.name,
      leader: this.#processes?.running.leader,
      logPaths: [this.logs.stdout.path, this.logs.stderr.path],
      signal: this.spec.stop.signal,
      isAsked,
    });
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }

  #processesOrThrow(): WorkerProcesses {
    if (!this.#processes) throw notRunning(this.spec.name);
    return this.#processes;
  }

  #launchOrThrow(): PreparedLaunch {
    if (!this.#prepared) throw notRunning(this.spec.name);
    return this.#prepared;
  }
}
