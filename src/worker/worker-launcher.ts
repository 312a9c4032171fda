import { LiveWorkerError } from '../errors.ts';
import { mayWatch, watcherRefused } from '../launch/watchers/refuse-watcher.ts';
import { fetchExeca, loadExeca } from '../process/load-execa.ts';
import { maskProcess } from '../process/table/mask-process.ts';
import type { Timeline } from '../records/timeline.ts';
import type { ServiceUse } from '../service/service.ts';
import { AttachedRunner } from './attached-runner.ts';
import { findLivingWatcher } from './find-living-watcher.ts';
import type { WorkerExit } from './lifecycle-events.ts';
import { prepareAttachment } from './prepare/attachment.ts';
import type { LaunchContext } from './prepare/launch-context.ts';
import type { RestartOptions } from './prepare/plan-launch.ts';
import { preflight } from './prepare/preflight.ts';
import { prepareLaunch } from './prepare/prepare-launch.ts';
import type { PreparedLaunch } from './prepare/prepared-launch.ts';
import { refuseStrangers } from './prepare/refuse-strangers.ts';
import { noteProcesses } from './processes-at-ready.ts';
import type { SessionWorker } from './session-worker.ts';

export interface WorkerLauncherOptions {
  readonly context: LaunchContext;
  readonly timeline: Timeline;
  /** Aborted when the test file is over. */
  readonly ending: AbortSignal;
}

/** The way of a worker of one test file from its spec to its start: prepare, preflight, baselines, start. */
export class WorkerLauncher {
  readonly #options: WorkerLauncherOptions;

  constructor(options: WorkerLauncherOptions) {
    this.#options = options;
  }

  /** Loads what spawns while the services are waited for. @throws SPAWN_FAILED where it cannot be found */
  async warmUp(): Promise<void> {
    await fetchExeca();
  }

  /** Resolves the launch. @throws the codes of `prepareLaunch` and `prepareAttachment` */
  prepare({ spec, runner, view }: SessionWorker, restart?: RestartOptions): Promise<PreparedLaunch> {
    const { context } = this.#options;
    if (runner instanceof AttachedRunner) return prepareAttachment(runner, context);
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
    const { spec, runner, prepared } = worker;
    if (!prepared) throw new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${spec.name}" was not prepared`);
    if (!spec.attach) await this.#checkBaselines(worker, prepared);
    this.#options.ending.throwIfAborted();
    const started = runner.start(prepared);
    setImmediate(() => worker.spawned.resolve());
    await started;
    this.#refuseWatcher(worker);
    const { running } = runner;
    worker.atReady = running && noteProcesses(running.leader, this.#options.context.secrets);
  }

  /** Starts a worker when those it waits for are ready; how it went, its `started` tells. */
  async launchInOrder(worker: SessionWorker, workers: ReadonlyMap<string, SessionWorker>): Promise<void> {
    try {
      for (const name of worker.spec.after) await workers.get(name)?.started.promise;
      this.#options.ending.throwIfAborted();
      await this.launch(worker);
      worker.started.resolve();
    } catch (error) {
      worker.spawned.resolve();
      worker.started.reject(error);
    }
  }

  /** Starts a worker again, with other variables if need be; for `start` and `restart` of a test. */
  async relaunch(worker: SessionWorker, restartEnv: Readonly<Record<string, string | null>>): Promise<void> {
    worker.death = undefined;
    worker.restartEnv = restartEnv;
    worker.prepared = await this.prepare(worker, { env: restartEnv });
    await this.preflight(worker.prepared.uses, [worker]);
    await this.launch(worker);
  }

  /** The launch that follows an exit by itself: like the one before, ports included, but under a cookie of its own. */
  async prepareRestart(
    worker: SessionWorker,
    after: WorkerExit,
    signal: AbortSignal,
  ): Promise<PreparedLaunch> {
    worker.restartsMeanwhile = [...worker.restartsMeanwhile, after];
    this.#options.context.services.forget(worker.spec.name);
    const ports = worker.prepared?.plan.ports ?? {};
    const prepared = await this.prepare(worker, { env: worker.restartEnv, ports });
    await this.preflight(prepared.uses, [worker], signal);
    signal.throwIfAborted();
    worker.prepared = prepared;
    await this.#checkBaselines(worker, prepared);
    return prepared;
  }

  /** One that its command does not show: a script that starts it. */
  #refuseWatcher({ spec, runner }: SessionWorker): void {
    const watching = runner.running && !mayWatch(spec) && findLivingWatcher(runner.running.leader);
    if (!watching || spec.attach) return;
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
