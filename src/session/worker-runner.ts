import type { StartFailure } from '../diagnose/evidence.ts';
import { LiveWorkerError } from '../errors.ts';
import { killTree, type Survivor } from '../process/kill-tree.ts';
import type { LogFiles } from '../process/open-log-files.ts';
import { readProcessEntry } from '../process/process-identity.ts';
import { releaseTree } from '../process/release-tree.ts';
import type { RunningWorker } from '../process/running-worker.ts';
import { signalGroup, signalProcess } from '../process/signal-process.ts';
import { spawnWorker } from '../process/spawn-worker.ts';
import { findWorkerTree, type WorkerMark } from '../process/worker-tree.ts';
import type { WorkerSpec } from '../spec/options.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { WorkerExit } from './contract.ts';
import { type Deferred, deferred } from './deferred.ts';
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

const killLimitMs = 2_000;

export interface WorkerRunnerOptions {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly timeline: Timeline;
  readonly launchWatch: LaunchWatch;
  /** Turns a failed start into the error the user reads. */
  readonly explain: (failure: StartFailure, runner: WorkerRunner) => LiveWorkerError;
  /** The worker ended after it was ready, and nobody asked it to. */
  readonly onDeath: (exit: WorkerExit, runner: WorkerRunner) => void;
}

/** Drives one worker through its life: carries out what `lifecycle` decides, and tells it what happened. */
export class WorkerRunner {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly board = new ProbeBoard();
  readonly #options: WorkerRunnerOptions;
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #running: RunningWorker | undefined;
  #lastExit: WorkerExit | undefined;
  #wasReady = false;
  #isExitExpected = false;
  #wasGoneBeforeStop = false;
  #isPaused = false;
  #survivors: readonly Survivor[] = [];
  #probing = new AbortController();
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

  /** Undefined unless a process was spawned and its end was not heard of. */
  get running(): RunningWorker | undefined {
    return this.#running;
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  /** Spawns, and resolves when the probes are satisfied. @throws the explained failure. */
  start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#wasReady = false;
    this.#isExitExpected = false;
    this.#wasGoneBeforeStop = false;
    this.#lastExit = undefined;
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
    if (!this.#running) return;
    this.#isExitExpected = true;
    this.#dispatch({ kind: 'exit-expected' });
    this.#record('worker.signalled', { signal });
    signalProcess(this.#running.leader, signal);
  }

  pause(): void {
    this.#signalTree('SIGSTOP');
    this.#isPaused = true;
  }

  resume(): void {
    this.#signalTree('SIGCONT');
    this.#isPaused = false;
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
        this.#deadline = setTimeout(
          () => this.#dispatch({ kind: 'deadline', launch }),
          this.spec.startTimeoutMs,
        );
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

  async #spawn(launch: number): Promise<void> {
    const { plan, specs } = this.#launchOrThrow();
    try {
      const notify = specs.some(probe => probe.kind === 'notify');
      this.#watch();
      const running = await spawnWorker(plan, this.logs, { notify });
      this.#running = running;
      this.#watch();
      this.#record('worker.spawned', { pid: running.leader.pid, id: plan.id });
      this.#dispatch({ kind: 'spawned', launch });
      void running.exited.then(exit => this.#dispatch({ kind: 'exited', launch, exit }));
    } catch (error) {
      this.#dispatch({ kind: 'spawn-failed', launch, error });
    }
  }

  async #probe(launch: number): Promise<void> {
    const running = this.#runningOrThrow();
    this.#probing = new AbortController();
    const outcome = await this.#launchOrThrow().gate(running, this.board, this.#probing.signal);
    if (outcome.kind === 'ready') this.#dispatch({ kind: 'probes-ready', launch });
    if (outcome.kind === 'fatal') {
      this.#dispatch({ kind: 'probe-fatal', launch, probe: outcome.probe.description, why: outcome.why });
    }
  }

  /** A stopped process keeps a signal in its queue, so it is woken to take it. */
  #signalLeader(): void {
    const { leader } = this.#runningOrThrow();
    this.#record('worker.stopping', { signal: this.spec.stop.signal });
    this.#watch({ isAsked: true });
    const outcome = signalProcess(leader, this.spec.stop.signal);
    this.#wasGoneBeforeStop = outcome === 'gone' && !this.#isExitExpected;
    if (this.#isPaused || readProcessEntry(leader.pid)?.state === 'T') this.#signalTree('SIGCONT');
    this.#isPaused = false;
  }

  async #releaseTree(launch: number): Promise<void> {
    const isOver = () => !this.#isPolite(launch);
    const gone = await releaseTree(this.#mark(), {
      signal: this.spec.stop.signal,
      isOver,
      onHeir: pid => this.#record('worker.heir-stopping', { pid, signal: this.spec.stop.signal }),
    });
    if (gone === 'gone') this.#dispatch({ kind: 'tree-gone', launch });
    if (gone === 'unknown') this.#dispatch({ kind: 'kill-asked' });
  }

  #isPolite(launch: number): boolean {
    const state = this.#state;
    return state.kind === 'stopping' && state.launch === launch && state.phase === 'polite';
  }

  async #killTree(launch: number): Promise<void> {
    this.#survivors = await killTree(this.#mark(), killLimitMs);
    this.#dispatch({ kind: 'tree-killed', launch, survivors: this.#survivors.length });
  }

  #reportFailure(failure: StartFailure): void {
    const error = this.#options.explain(failure, this);
    this.#record('worker.failed', { code: error.code });
    this.#starting?.reject(error);
  }

  /** A leader that was dead when the signal was to be sent did not die of it: its exit was only heard of late. */
  #reportExit(exit: WorkerExit, askedInTime: boolean): void {
    const asked = askedInTime && !this.#wasGoneBeforeStop;
    this.#lastExit = exit;
    this.#record('worker.exited', { ...exit, asked });
    if (!asked && this.#wasReady) this.#options.onDeath(exit, this);
  }

  #reportStopped(survivors: number): void {
    this.#record('worker.stopped', { survivors });
    if (survivors === 0) this.#options.launchWatch.forget(this.#launchOrThrow().plan.id);
    this.#running = undefined;
    this.#starting?.reject(notRunning(this.spec.name));
    const stopping = this.#stopping;
    this.#stopping = undefined;
    if (survivors === 0) stopping?.resolve();
    else stopping?.reject(stopFailed(this.spec.name, this.#survivors));
  }

  #signalTree(signal: NodeJS.Signals): void {
    const members = this.#running && findWorkerTree(this.#mark());
    if (members) for (const member of members) signalProcess(member, signal);
    else if (this.#running) signalGroup(this.#running.leader.pid, signal);
  }

  #mark(): WorkerMark {
    const { plan, leader } = this.#runningOrThrow();
    return { id: plan.id, leader, logPaths: this.#logPaths() };
  }

  #watch({ isAsked = false } = {}): void {
    this.#options.launchWatch.watch({
      id: this.#launchOrThrow().plan.id,
      worker: this.spec.name,
      leader: this.#running?.leader,
      logPaths: this.#logPaths(),
      signal: this.spec.stop.signal,
      isAsked,
    });
  }

  #logPaths(): readonly string[] {
    return [this.logs.stdout.path, this.logs.stderr.path];
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }

  #runningOrThrow(): RunningWorker {
    if (!this.#running) throw notRunning(this.spec.name);
    return this.#running;
  }

  #launchOrThrow(): PreparedLaunch {
    if (!this.#prepared) throw notRunning(this.spec.name);
    return this.#prepared;
  }
}

function notRunning(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${worker}" does not run`, {
    details: { worker },
  });
}

function stopFailed(worker: string, survivors: readonly Survivor[]): LiveWorkerError {
  const list = survivors.map(({ pid, command }) => `  pid ${pid}: ${command}`).join('\n');
  return new LiveWorkerError(
    'STOP_FAILED',
    `Cannot stop worker "${worker}": ${survivors.length} of its processes outlived SIGKILL for ${killLimitMs} ms\n${list}`,
    { details: { worker, survivors } },
  );
}
