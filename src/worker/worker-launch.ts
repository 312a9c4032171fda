import type { LogExcess } from '../diagnose/explain-log-limit.ts';
import { guardLogs } from '../logs/guard-logs.ts';
import type { LogFiles } from '../logs/open-log-files.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { RunningWorker } from '../process/running-worker.ts';
import { spawnWorker } from '../process/spawn-worker.ts';
import type { Survivor } from '../process/tree/kill-tree.ts';
import { resolveWorkerMark } from '../process/tree/resolve-worker-mark.ts';
import type { LaunchWatch } from './launch-watch.ts';
import type { PreparedLaunch } from './prepare/prepared-launch.ts';
import { notRunning } from './worker-errors.ts';
import { WorkerProcesses } from './worker-processes.ts';

export interface WorkerLaunchOptions {
  readonly spec: WorkerSpec;
  readonly logs: LogFiles;
  readonly launchWatch: LaunchWatch;
  record(event: string, fields?: Readonly<Record<string, unknown>>): void;
  onFlood(flood: LogExcess): void;
}

/** One launch as the system has it: its processes, what the watchdog knows of it, the guard over its logs. */
export class WorkerLaunch {
  readonly prepared: PreparedLaunch;
  readonly #options: WorkerLaunchOptions;
  #processes: WorkerProcesses | undefined;
  #guard: { close(): void } | undefined;
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
    const running = await spawnWorker(plan, logs, { notify, stdin: spec.stdin });
    this.#processes = new WorkerProcesses(running);
    this.#watch();
    this.#guard = this.#guardLogs();
    record('worker.spawned', { pid: running.leader.pid, id: plan.id });
    return running;
  }

  get processes(): WorkerProcesses | undefined {
    return this.#processes;
  }

  get processesOrThrow(): WorkerProcesses {
    if (!this.#processes) throw notRunning(this.#options.spec.name);
    return this.#processes;
  }

  /** Sends the polite signal; true when there was nobody left to take it. */
  askToEnd(): boolean {
    const { spec, record } = this.#options;
    record('worker.stopping', { signal: spec.stop.signal });
    this.#watch({ isAsked: true });
    return this.processesOrThrow.askToEnd(spec.stop.signal) === 'gone';
  }

  release(isOver: () => boolean): ReturnType<WorkerProcesses['release']> {
    const { spec, launchWatch, record } = this.#options;
    const { signal } = spec.stop;
    return this.processesOrThrow.release(signal, isOver, heir => {
      launchWatch.noteHeir(this.prepared.plan.id, heir);
      record('worker.heir-stopping', { pid: heir.pid, signal });
    });
  }

  kill(): Promise<readonly Survivor[]> {
    return this.processesOrThrow.kill();
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
        onFlood({ bytes, limitBytes });
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
