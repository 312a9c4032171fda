import { mayWatch, watcherRefused } from '../launch/watchers/refuse-watcher.ts';
import { fetchExeca, loadExeca } from '../process/load-execa.ts';
import { maskProcess } from '../process/table/mask-process.ts';
import type { Timeline } from '../records/timeline.ts';
import type { ServiceUse } from '../service/service.ts';
import { findLivingWatcher } from './find-living-watcher.ts';
import { prepareAttachment } from './prepare/attachment.ts';
import type { LaunchContext } from './prepare/launch-context.ts';
import type { RestartOptions } from './prepare/plan-launch.ts';
import { preflight } from './prepare/preflight.ts';
import { prepareLaunch } from './prepare/prepare-launch.ts';
import { prepareLeased } from './prepare/prepare-leased.ts';
import type { PreparedLaunch } from './prepare/prepared-launch.ts';
import { refuseStrangers } from './prepare/refuse-strangers.ts';
import { noteProcesses } from './processes-at-ready.ts';
import { AttachedRunner } from './runner/attached-runner.ts';
import { LeasedRunner } from './runner/leased-runner.ts';
import { RemoteRunner } from './runner/remote-runner.ts';
import { WatchingRunner } from './runner/watching-runner.ts';
import type { WorkerLease } from './runner/worker-lease.ts';
import type { SessionWorker } from './session-worker.ts';

export interface WorkerLauncherOptions {
  readonly context: LaunchContext;
  readonly timeline: Timeline;
  /** Aborted when the test file is over. */
  readonly ending: AbortSignal;
  /** That of the test file on the workers of the run; asked for once. */
  readonly openLease?: () => Promise<WorkerLease>;
}

type Workers = ReadonlyMap<string, SessionWorker>;

/** The way of a worker of one test file from its spec to its start: prepare, preflight, baselines, start. */
export class WorkerLauncher {
  readonly #options: WorkerLauncherOptions;
  #leasing: Promise<WorkerLease> | undefined;

  constructor(options: WorkerLauncherOptions) {
    this.#options = options;
  }

  /** Loads what spawns while the services are waited for. @throws SPAWN_FAILED where it cannot be found */
  async warmUp(): Promise<void> {
    await fetchExeca();
  }

  /** Resolves the launch. @throws the codes of `prepareLaunch` and `prepareAttachment` */
  async prepare({ spec, runner, view }: SessionWorker, restart?: RestartOptions): Promise<PreparedLaunch> {
    const { context } = this.#options;
    if (runner instanceof AttachedRunner) return prepareAttachment(runner, context);
    if (runner instanceof LeasedRunner || runner instanceof RemoteRunner)
      return prepareLeased(runner, await this.#lease(), context, restart);
    return prepareLaunch(spec, view, context, restart);
  }

  /** Resolves when the services answer. @throws SERVICE_UNAVAILABLE */
  async preflight(
    uses: readonly ServiceUse[],
    workers: readonly SessionWorker[],
    signal = this.#options.ending,
  ): Promise<void> {
    const timeoutMs = Math.max(0, ...workers.map(({ spec }) => spec.startTimeoutMs));
    const { services, secrets } = this.#options.context;
    await preflight(uses, services, { timeoutMs, signal, secrets });
  }

  /** Resolves when the worker is ready. @throws the explained failure; COMMAND_WATCHES */
  async launch(worker: SessionWorker): Promise<void> {
    const { prepared } = worker;
    if (prepared && isStartedHere(worker)) await this.#checkBaselines(worker, prepared);
    this.#options.ending.throwIfAborted();
    const ready = worker.start();
    setImmediate(() => worker.spawned.resolve());
    await ready;
    this.#refuseWatcher(worker);
    const { running } = worker.runner;
    worker.atReady = running && noteProcesses(running.leader, this.#options.context.secrets);
  }

  /** Starts each worker when those it waits for are ready; whether it becomes ready, its `ready` tells. */
  launchInOrder(workers: Workers, others: Workers = workers): void {
    for (const worker of workers.values()) {
      worker.ready = this.#launchAfterOthers(worker, others);
      // It may fail before a caller waits for it.
      worker.ready.catch(() => {});
    }
  }

  /** Starts a worker again, with other variables if need be; for `start` and `restart` of a test. */
  async relaunch(worker: SessionWorker, restartEnv: Readonly<Record<string, string | null>>): Promise<void> {
    worker.beginRelaunch(restartEnv);
    const prepared = await this.prepare(worker, { env: restartEnv });
    worker.launchNext(prepared);
    await this.preflight(prepared.uses, [worker]);
    await this.launch(worker);
  }

  /** The launch that follows an exit by itself: like the one before, ports included, but under a cookie of its own. */
  async prepareRestart(worker: SessionWorker, signal: AbortSignal): Promise<PreparedLaunch> {
    this.#options.context.services.forget(worker.spec.name);
    const ports = worker.prepared?.plan.ports ?? {};
    const prepared = await this.prepare(worker, { env: worker.restartEnv, ports });
    await this.preflight(prepared.uses, [worker], signal);
    signal.throwIfAborted();
    await this.#checkBaselines(worker, prepared);
    return prepared;
  }

  async #launchAfterOthers(worker: SessionWorker, workers: Workers): Promise<void> {
    try {
      // Those it waits for get their `ready` in this turn, some of them later.
      await Promise.resolve();
      for (const name of worker.spec.after) await workers.get(name)?.ready;
      this.#options.ending.throwIfAborted();
      await this.launch(worker);
    } finally {
      worker.spawned.resolve();
    }
  }

  /** @throws SUPERVISOR_NOT_STARTED, REPORTER_MISSING */
  #lease(): Promise<WorkerLease> {
    const { openLease } = this.#options;
    if (!openLease) throw new TypeError('Workers of the run are leased by test files alone');
    this.#leasing ??= openLease();
    return this.#leasing;
  }

  /** One that its command does not show: a script that starts it. */
  #refuseWatcher(worker: SessionWorker): void {
    const { spec, runner } = worker;
    const watching = runner.running && !mayWatch(spec) && findLivingWatcher(runner.running.leader);
    if (!watching || !isStartedHere(worker)) return;
    const { entry, found } = watching;
    const { command } = maskProcess(entry, this.#options.context.secrets);
    throw watcherRefused(spec.name, found, `pid ${entry.pid}: ${command}`);
  }

  /** Looks at what is there right before a spawn. */
  async #checkBaselines({ runner, view }: SessionWorker, prepared: PreparedLaunch): Promise<void> {
    const { context, timeline, ending } = this.#options;
    await refuseStrangers(prepared, { timeline, secrets: context.secrets });
    await context.services.beforeSpawn(prepared.uses, { isFirst: runner.state.kind === 'idle' });
    await loadExeca();
    ending.throwIfAborted();
    view.markLaunch();
  }
}

function isStartedHere({ runner }: SessionWorker): boolean {
  return !(runner instanceof WatchingRunner || runner instanceof RemoteRunner);
}
