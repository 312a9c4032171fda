import { dirname, join } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { LogView } from '../../logs/log-view.ts';
import { openLogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { openTestFileFolder } from '../../records/open-test-file-folder.ts';
import { openTimeline, type Timeline } from '../../records/timeline.ts';
import { notice } from '../../text/notice.ts';
import { explainedReports } from '../../worker/explained-reports.ts';
import type { WorkerExit } from '../../worker/lifecycle/lifecycle-events.ts';
import type { LaunchContext } from '../../worker/prepare/launch-context.ts';
import type { LaunchOrigin } from '../../worker/prepare/plan-launch.ts';
import { deferred } from '../../worker/runner/deferred.ts';
import { openLaunchWatch } from '../../worker/runner/launch-watch.ts';
import { SessionWorker } from '../../worker/session-worker.ts';
import { WorkerLauncher } from '../../worker/worker-launcher.ts';
import type { SharedProject } from './shared-project.ts';

/** Between tests of files that use it or not: which test it died of is for these to say. */
const moment = { kind: 'none', last: undefined } as const;

/** One worker of a run, and the files that use it now. */
export class SharedWorker {
  readonly spec: WorkerSpec;
  readonly worker: SessionWorker;
  readonly launcher: WorkerLauncher;
  readonly project: SharedProject;
  /** The files that use it now. */
  readonly users = new Set<object>();
  /** Those it was started after: another one of the run may have the same name, in another project. */
  waitsFor: ReadonlySet<SessionWorker> = new Set();
  readonly #timeline: Timeline;
  readonly #ending = new AbortController();
  readonly #listeners = new Set<(exit: WorkerExit) => void>();
  readonly #ready = deferred<ProcessIdentity>();
  #exit: WorkerExit | undefined;
  #death: LiveWorkerError | undefined;
  #isClosed = false;

  /** Opens its logs; nothing is started. */
  constructor(spec: WorkerSpec, project: SharedProject, origin: LaunchOrigin) {
    this.spec = spec;
    this.project = project;
    const { rootDir, services, secrets } = project;
    const { path: folder } = openTestFileFolder(rootDir, join(rootDir, 'workers', spec.name), project.run);
    this.#timeline = openTimeline(`${folder}/events.ndjson`, {
      mask: fields => secrets.maskData(fields) as typeof fields,
      onTrouble: notice,
    });
    const context: LaunchContext = {
      rootDir,
      folder,
      services,
      secrets,
      origin,
      isOtherStarting: name => project.isOtherStarting(name),
      loadModule: () => Promise.reject(new TypeError('modules are asked by test files')),
    };
    this.launcher = new WorkerLauncher({ context, timeline: this.#timeline, ending: this.#ending.signal });
    this.worker = new SessionWorker({
      spec,
      view: new LogView(spec.name, openLogFiles(folder, spec.name)),
      timeline: this.#timeline,
      held: undefined,
      isLeased: false,
      launchWatch: openLaunchWatch(join(dirname(folder), 'watchdog.ndjson')),
      reports: explainedReports({
        context,
        launcher: this.launcher,
        momentNow: () => moment,
        onEnd: ({ exit, error, isIgnored }) => this.#noteEnd(exit, isIgnored ? undefined : error),
      }),
    });
  }

  /** False once it has ended, or was not able to start. */
  get isUsable(): boolean {
    return this.#exit === undefined && !this.ending.aborted;
  }

  /** Aborted when it is not to be started any more. */
  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Its launch is on its way: `ready` follows it. */
  follow(): void {
    const started = this.worker.ready ?? Promise.resolve();
    started.then(
      () => {
        const { running } = this.worker.runner;
        if (running) this.#ready.resolve(running.leader);
      },
      error => this.giveUp(error),
    );
  }

  /** It is not going to be ready: the next file that wants it starts another one. */
  giveUp(error: unknown): void {
    this.#ready.reject(error);
    void this.stop().catch(() => {});
  }

  /** Resolves with its leader when it is ready. @throws the explained failure of its start */
  get ready(): Promise<ProcessIdentity> {
    return this.#ready.promise;
  }

  /** Its end, when it came while no file used it; told once. */
  takeUntoldDeath(): LiveWorkerError | undefined {
    const death = this.#death;
    this.#death = undefined;
    return death;
  }

  onExit(listener: (exit: WorkerExit) => void): { stop(): void } {
    if (this.#exit) listener(this.#exit);
    else this.#listeners.add(listener);
    return { stop: () => this.#listeners.delete(listener) };
  }

  /** Resolves when nothing of it is alive. @throws STOP_FAILED */
  async stop(): Promise<void> {
    this.#ending.abort(new Error('the worker is being stopped'));
    await this.worker.runner.stop();
    this.#close();
  }

  async kill(): Promise<void> {
    this.#ending.abort(new Error('the worker is being stopped'));
    await this.worker.runner.kill();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { workers } = this.project;
    if (workers.get(this.spec.name) === this.worker) workers.delete(this.spec.name);
    this.project.services.forget(this.spec.name);
    this.worker.view.close();
    this.#timeline.close();
  }

  #noteEnd(exit: WorkerExit, death: LiveWorkerError | undefined): void {
    this.#exit = exit;
    if (this.users.size === 0) this.#death = death;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(exit);
  }
}
