import { dirname, join } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import type { EchoTerminal } from '../../logs/echo-logs.ts';
import { LogView } from '../../logs/log-view.ts';
import { openLogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { clockOrigin } from '../../records/clock-origin.ts';
import { openTestFileFolder } from '../../records/open-test-file-folder.ts';
import { openTimeline, type Timeline } from '../../records/timeline.ts';
import type { LedServers } from '../../service/led-servers.ts';
import type { ServiceUse } from '../../service/service.ts';
import { notice } from '../../text/notice.ts';
import { explainedReports } from '../../worker/explained-reports.ts';
import type { WorkerExit } from '../../worker/lifecycle/lifecycle-events.ts';
import type { LaunchContext } from '../../worker/prepare/launch-context.ts';
import type { LaunchOrigin } from '../../worker/prepare/plan-launch.ts';
import { describeUnmet } from '../../worker/prepare/probe-board.ts';
import { Taps } from '../../worker/prepare/taps.ts';
import { deferred } from '../../worker/runner/deferred.ts';
import { openLaunchWatch } from '../../worker/runner/launch-watch.ts';
import { notRunning } from '../../worker/runner/worker-errors.ts';
import type { LaunchNews, RelaunchedWorker } from '../../worker/runner/worker-lease.ts';
import { SessionWorker } from '../../worker/session-worker.ts';
import { Traces } from '../../worker/traces/traces.ts';
import { WorkerLauncher } from '../../worker/worker-launcher.ts';
import type { LaunchEcho } from '../process/holdings.ts';
import { SharedEcho } from './shared-echo.ts';
import type { SharedProject } from './shared-project.ts';
import type { WorkerFiles } from './worker-files.ts';
import type { LaunchIdentity } from './worker-key.ts';
import { WorkerNews } from './worker-news.ts';
import { WorkerUsers } from './worker-users.ts';

/** Between tests of files that use it or not: which test it died of is for these to say. */
const moment = { kind: 'none', last: undefined } as const;

export interface SharedWorkerOptions {
  readonly spec: WorkerSpec;
  readonly identity: LaunchIdentity;
  readonly project: SharedProject;
  readonly origin: LaunchOrigin;
  readonly servers: LedServers;
  /** That of the one test file it is for. Default: one of its own. */
  readonly folder?: string | undefined;
}

/** One worker of a run, and the files that use it now. */
export class SharedWorker {
  readonly spec: WorkerSpec;
  readonly identity: LaunchIdentity;
  /** Of its records. */
  readonly folder: string;
  readonly worker: SessionWorker;
  readonly launcher: WorkerLauncher;
  readonly project: SharedProject;
  readonly users = new WorkerUsers();
  /** Undefined where it is not to outlive the run. */
  files: WorkerFiles | undefined;
  /** Milliseconds after the run; the longest that a file asked for. */
  keepForMs = 0;
  /** It is of an earlier run: whether its files have changed is to be looked at. */
  isOfEarlierRun = false;
  /** A test did something to it: the next file starts another one. */
  isChanged = false;
  /** Why it is not going to be ready. */
  failure: unknown;
  /** Those it was started after: another one of the run may have the same name, in another project. */
  waitsFor: ReadonlySet<SessionWorker> = new Set();
  readonly #timeline: Timeline;
  readonly #ending = new AbortController();
  readonly #taps = new Taps();
  readonly #traces: Traces;
  #echo: SharedEcho | undefined;
  readonly #listeners = new Set<(exit: WorkerExit) => void>();
  readonly #news = new WorkerNews();
  #ready = deferred<ProcessIdentity>();
  #exit: WorkerExit | undefined;
  #death: LiveWorkerError | undefined;
  #isClosed = false;

  /** Opens its logs; nothing is started. */
  constructor({ spec, identity, project, origin, servers, folder: fileFolder }: SharedWorkerOptions) {
    this.spec = spec;
    this.identity = identity;
    this.project = project;
    const { rootDir, services, secrets, slots } = project;
    const folder =
      fileFolder ?? openTestFileFolder(rootDir, join(rootDir, 'workers', spec.name), project.run).path;
    this.folder = folder;
    this.#timeline = openTimeline(`${folder}/events.ndjson`, {
      mask: fields => secrets.maskData(fields) as typeof fields,
      onTrouble: notice,
    });
    if (!fileFolder) this.#timeline.record('shared.opened', { worker: spec.name, ...clockOrigin() });
    this.#traces = new Traces({ timeline: this.#timeline, secrets });
    const context: LaunchContext = {
      rootDir,
      folder,
      services,
      secrets,
      origin,
      servers: () => servers,
      taps: this.#taps,
      // The test file that leases it says whether: its `coverage` is false otherwise.
      measures: true,
      traces: this.#traces,
      isOtherStarting: name => project.isOtherStarting(name),
      loadModule: () => Promise.reject(new TypeError('modules are asked by test files')),
      slots: () => slots,
    };
    this.launcher = new WorkerLauncher({ context, timeline: this.#timeline, ending: this.#ending.signal });
    this.worker = new SessionWorker({
      spec,
      view: new LogView(spec.name, openLogFiles(folder, spec.name)),
      timeline: this.#timeline,
      held: undefined,
      holder: 'here',
      launchWatch: openLaunchWatch(join(dirname(folder), 'watchdog.ndjson')),
      reports: this.#news.beside(
        explainedReports({
          context,
          launcher: this.launcher,
          momentNow: () => moment,
          onEnd: ({ exit, error, isIgnored }) => this.#noteEnd(exit, isIgnored ? undefined : error),
        }),
      ),
    });
  }

  /** One test file uses it at a time: what tests do to it concerns no other one. */
  get isOwn(): boolean {
    return this.isOfFile || this.project.slots !== undefined;
  }

  /** It ends with the file it is for. */
  get isOfFile(): boolean {
    return this.spec.scope === 'file';
  }

  /** False once it has ended, or was not able to start. */
  get isUsable(): boolean {
    return this.#exit === undefined && !this.ending.aborted && !this.isChanged;
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

  onNews(listener: (news: LaunchNews) => void): { stop(): void } {
    return this.#news.follow(this.worker, listener);
  }

  /** Its next launch, on its way, for the one file that uses it. @throws the codes of a launch */
  async relaunch(env: Readonly<Record<string, string | null>>): Promise<RelaunchedWorker> {
    this.isChanged = true;
    this.#exit = undefined;
    this.#death = undefined;
    const { worker, launcher } = this;
    worker.beginRelaunch(env);
    const prepared = await launcher.prepare(worker, { env });
    worker.launchNext(prepared);
    const ready = deferred<ProcessIdentity>();
    this.#ready = ready;
    void this.#launchAgain(prepared.uses).then(ready.resolve, ready.reject);
    return { plan: prepared.plan, ready: ready.promise };
  }

  async #launchAgain(uses: readonly ServiceUse[]): Promise<ProcessIdentity> {
    const { worker, launcher } = this;
    await launcher.preflight(uses, [worker]);
    await launcher.launch(worker);
    const { running } = worker.runner;
    if (!running) throw notRunning(this.spec.name);
    return running.leader;
  }

  /** It is not going to be ready: the next file that wants it starts another one. */
  giveUp(error: unknown): void {
    this.failure = error;
    this.#ready.reject(error);
    void this.stop().catch(() => {});
  }

  /** Resolves with its leader when it is ready. @throws the explained failure of its start */
  get ready(): Promise<ProcessIdentity> {
    return this.#ready.promise;
  }

  /** What it waits for; nothing where that is said otherwise. */
  whyNotReady(): string {
    const others = [...this.waitsFor].filter(({ runner }) => runner.state.kind !== 'ready');
    if (others.length > 0)
      return `it waits for ${others.map(({ spec }) => `worker "${spec.name}"`).join(', ')}`;
    return describeUnmet(this.worker.runner.board);
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

  /** What it writes goes to that terminal, unless another one was first. */
  echoTo(terminal: EchoTerminal): LaunchEcho {
    if (!this.#isClosed) {
      this.#echo ??= new SharedEcho(this.spec.name, this.worker.view.files, this.project.secrets);
      this.#echo.add(terminal);
    }
    return {
      finish: () => this.#echo?.finish(terminal),
      stop: () => this.#echo?.delete(terminal),
    };
  }

  /** Resolves when nothing of it is alive. @throws STOP_FAILED */
  async stop(): Promise<void> {
    this.#ending.abort(new Error('the worker is being stopped'));
    await this.worker.runner.stop();
    await this.#traces.close();
    this.#close();
  }

  /** The same, and lets go of its turns. */
  async yield(): Promise<void> {
    await this.stop();
    await this.project.services.releaseTurns(this.turns);
  }

  /** What it takes turns on with others. */
  get turns(): readonly string[] {
    return this.sharedUses.flatMap(use => this.project.services.turnsOf(use));
  }

  /** What others may use too. */
  get sharedUses(): readonly ServiceUse[] {
    const { slots } = this.project;
    return (this.worker.prepared?.uses ?? []).filter(use => !slots?.isIn(use));
  }

  /** How it ended; undefined while it lives. */
  get exit(): WorkerExit | undefined {
    return this.#exit;
  }

  async kill(): Promise<void> {
    this.#ending.abort(new Error('the worker is being stopped'));
    await this.worker.runner.kill();
    await this.#traces.close();
    this.#close();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { workers } = this.project;
    if (workers.get(this.spec.name) === this.worker) workers.delete(this.spec.name);
    this.project.services.forget(this.spec.name);
    void this.#taps.close();
    this.#echo?.close();
    this.worker.view.close();
    this.#timeline.close();
  }

  #noteEnd(exit: WorkerExit, death: LiveWorkerError | undefined): void {
    this.#exit = exit;
    this.project.noteDeath(this.worker.prepared?.uses ?? [], this.users.files);
    if (this.users.size === 0) this.#death = death;
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener(exit);
  }
}
