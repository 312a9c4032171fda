import type { Evidence } from '../../diagnose/evidence.ts';
import type { LogExcess } from '../../diagnose/explain-log-limit.ts';
import { takeDetour } from '../../launch/take-detour.ts';
import { guardLogs } from '../../logs/guard-logs.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import { spawnWorker } from '../../process/spawn-worker.ts';
import type { Survivor } from '../../process/tree/kill-tree.ts';
import { resolveWorkerMark } from '../../process/tree/resolve-worker-mark.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import type { LaunchWatch } from './launch-watch.ts';
import { notRunning } from './worker-errors.ts';
import { WorkerProcesses } from './worker-processes.ts';

export type RecordEvent = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

export interface WorkerLaunchOptions {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly launchWatch: LaunchWatch;
  readonly record: RecordEvent;
  onFlood(): void;
}

/** One launch: its processes, what the watchdog knows of it, the guard over its logs, and what was seen of its end. */
export class WorkerLaunch {
  readonly prepared: PreparedLaunch;
  /** Set when it is known. */
  exit: WorkerExit | undefined;
  /** What it was doing when it missed its deadline. */
  seenHanging: Evidence | undefined;
  readonly #options: WorkerLaunchOptions;
  #processes: WorkerProcesses | undefined;
  #guard: { close(): void } | undefined;
  #flood: LogExcess | undefined;
  #survivors: readonly Survivor[] = [];
  #isKilled = false;
  #isClosed = false;

  constructor(prepared: PreparedLaunch, options: WorkerLaunchOptions) {
    this.prepared = prepared;
    this.#options = options;
  }

  /** The watchdog hears of it first. @throws SPAWN_FAILED */
  async spawn(): Promise<RunningWorker> {
    const { plan, specs } = this.prepared;
    const { spec, logs, record } = this.#options;
    const notify = specs.some(probe => probe.kind === 'notify');
    this.#watch();
    const running = await spawnWorker(takeDetour(plan), logs, {
      notify,
      stdin: spec.stdin,
      onSpawned: pid => record('worker.spawned', { pid, id: plan.id }),
    });
    this.#processes = new WorkerProcesses(running);
    this.#watch();
    this.#guard = this.#guardLogs();
    return running;
  }

  get processes(): WorkerProcesses | undefined {
    return this.#processes;
  }

  get processesOrThrow(): WorkerProcesses {
    if (!this.#processes) throw notRunning(this.#options.spec.name);
    return this.#processes;
  }

  /** Set when it was ended because of the size of its logs. */
  get flood(): LogExcess | undefined {
    return this.#flood;
  }

  /** What outlived SIGKILL. */
  get survivors(): readonly Survivor[] {
    return this.#survivors;
  }

  /** Sends the polite signal; true when the leader was gone before. */
  askToEnd(): boolean {
    const { spec, record } = this.#options;
    record('worker.stopping', { signal: spec.stop.signal });
    this.#watch({ isAsked: true });
    return this.processesOrThrow.askToEnd(spec.stop.signal) === 'gone';
  }

  /** Asks the processes that a leader left behind, until they are killed. */
  release(): ReturnType<WorkerProcesses['release']> {
    const { spec, launchWatch, record } = this.#options;
    const { signal } = spec.stop;
    const isOver = () => this.#isKilled;
    return this.processesOrThrow.release(signal, isOver, heir => {
      launchWatch.noteHeir(this.prepared.plan.id, heir);
      record('worker.heir-stopping', { pid: heir.pid, signal });
    });
  }

  async kill(): Promise<readonly Survivor[]> {
    this.#isKilled = true;
    this.#survivors = await this.processesOrThrow.kill();
    return this.#survivors;
  }

  /** It is over. What outlived it stays with the watchdog. */
  close(survivors: number): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (survivors === 0) this.#options.launchWatch.forget(this.prepared.plan.id);
    this.#guard?.close();
    this.#processes = undefined;
  }

  #guardLogs(): { close(): void } {
    const { spec, logs, record, onFlood } = this.#options;
    const limitBytes = spec.maxLogBytes;
    return guardLogs(logs, {
      limitBytes,
      onFlood: bytes => {
        record('worker.flooded', { bytes, limitBytes });
        this.#flood = { bytes, limitBytes };
        onFlood();
      },
      onFault: what => record('log.fault', { what }),
    });
  }

  #watch({ isAsked = false } = {}): void {
    const { spec, logs, launchWatch } = this.#options;
    const leader = this.#processes?.running.leader;
    launchWatch.watch({
      ...resolveWorkerMark({ plan: this.prepared.plan, leader }, logs),
      worker: spec.name,
      signal: spec.stop.signal,
      isAsked,
    });
  }
}
