import { dirname, join, relative } from 'node:path';
import type { Evidence, WorkerFailure } from '../diagnose/evidence.ts';
import { explainFlood } from '../diagnose/explain-flood.ts';
import { explainFailedRestart } from '../diagnose/explain-restarts.ts';
import { explainStartFailure } from '../diagnose/explain-start-failure.ts';
import { LiveWorkerError } from '../errors.ts';
import type { SecretSource } from '../launch/list-secrets.ts';
import { maskError } from '../launch/mask-error.ts';
import { secretSourcesOf } from '../launch/secret-sources.ts';
import { Secrets } from '../launch/secrets.ts';
import { loadExeca } from '../process/load-execa.ts';
import { openLogFiles } from '../process/open-log-files.ts';
import type { LiveWorkersSpec, WorkerSpec } from '../spec/options.ts';
import { openTimeline, type Timeline } from '../timeline/timeline.ts';
import { AttachedRunner } from './attached-runner.ts';
import { openAttachedLogs, prepareAttachment } from './attachment.ts';
import { collectEvidence } from './collect-evidence.ts';
import type { WorkerExit } from './contract.ts';
import { DeathNotice } from './death-notice.ts';
import { type Deferred, deferred } from './deferred.ts';
import { describeScene } from './describe-scene.ts';
import { describeWaiting } from './describe-waiting.ts';
import { echoLogs } from './echo-logs.ts';
import { endLeftovers } from './end-leftovers.ts';
import { explainEnd } from './explain-end.ts';
import type { Leftover } from './find-leftovers.ts';
import { findHeldWorker } from './held-workers.ts';
import { openLaunchWatch } from './launch-watch.ts';
import { LogView } from './log-view.ts';
import type { RestartOptions } from './plan-launch.ts';
import { preflight } from './preflight.ts';
import { type LaunchContext, prepareLaunch } from './prepare-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { reportProgress } from './progress.ts';
import { QueueLedger } from './queue-ledger.ts';
import { openFileFolder } from './run-folder.ts';
import { type ServiceUse, servicesUsed } from './service-uses.ts';
import { Services } from './services.ts';
import { settleAddresses } from './settle-addresses.ts';
import { countAttached, settleQueues } from './settle-queues.ts';
import { stopInOrder } from './stop-in-order.ts';
import { takeTurns } from './take-turns.ts';
import { TestClock } from './test-clock.ts';
import { TestCourse } from './test-course.ts';
import { TurnNotes } from './turn-notes.ts';
import { untilExitsHeard } from './until-exits-heard.ts';
import { Waits } from './waits.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';
import { WorkerRunner } from './worker-runner.ts';
import { writeRecords } from './write-records.ts';

export interface SessionOptions {
  readonly spec: LiveWorkersSpec;
  /** The workers of the configuration, those this file does not use included. */
  readonly defined: readonly string[];
  readonly rootDir: string;
  readonly testPath: string;
  /** Loads the module of a `module` probe the way Jest loads the project's own files. */
  loadModule(path: string): Promise<unknown>;
}

/** One worker of this file, with everything the session keeps beside it. */
export interface SessionWorker {
  readonly spec: WorkerSpec;
  readonly runner: WorkerControl;
  readonly view: LogView;
  readonly started: Deferred<void>;
  prepared: PreparedLaunch | undefined;
  /** What its last launch was given beyond its spec. */
  restartEnv: Readonly<Record<string, string | null>>;
  /** The exits it was started again after by itself since the running test, or hook of all tests, began. */
  restartsMeanwhile: readonly WorkerExit[];
  /** Its last end, when nobody asked for it and it was not started again. */
  death: LiveWorkerError | undefined;
}

/** One test file and its workers: starts them, watches them, stops them, whatever happens in between. */
export class TestFileSession {
  readonly clock = new TestClock();
  readonly services: Services;
  readonly folder: string;
  readonly course = new TestCourse(() => this.waits.look());
  readonly death = new DeathNotice(() => this.waits.look());
  readonly waits = new Waits(this.course, this.death);
  readonly workers: ReadonlyMap<string, SessionWorker>;
  readonly timeline: Timeline;
  /** All this file knows of: what it prints, writes or throws holds none of them. */
  readonly secrets: Secrets;
  readonly #options: SessionOptions;
  readonly #leftovers: readonly Leftover[];
  readonly #notes: TurnNotes;
  readonly #ledger = new QueueLedger();
  readonly #ending = new AbortController();
  readonly #echoes: readonly { close(): void }[];
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.secrets = new Secrets([
      ...Object.entries(process.env).map(([name, value]): SecretSource => [name, value ?? '']),
      ...options.spec.workers.flatMap(secretSourcesOf),
    ]);
    const { base, path, leftovers } = writeRecords(join(options.rootDir, '.live-worker'), () =>
      openFileFolder(options.rootDir, options.testPath),
    );
    this.folder = path;
    this.#leftovers = leftovers;
    this.services = new Services(`live-worker tests of ${this.#testName()}`);
    this.timeline = openTimeline(`${path}/events.ndjson`, {
      mask: fields => this.secrets.maskData(fields) as typeof fields,
      onTrouble: what => process.stderr.write(`live-worker: ${what}\n`),
    });
    this.#notes = new TurnNotes(base);
    this.workers = new Map(options.spec.workers.map(spec => [spec.name, this.#createWorker(spec)]));
    this.#echoes = [...this.workers.values()]
      .filter(({ spec, view }) => spec.echo && view.hasFiles)
      .map(({ spec, view }) => echoLogs(spec.name, view.files, this.secrets));
    this.timeline.record('session.opened', { testPath: options.testPath, workers: [...this.workers.keys()] });
  }

  get defined(): readonly string[] {
    return this.#options.defined;
  }

  /** Resolves when every worker is on its way; whether they arrive is for `untilReady` to say. */
  async start(): Promise<void> {
    await endLeftovers(this.#leftovers);
    const workers = [...this.workers.values()];
    for (const worker of workers) worker.prepared = await this.#prepare(worker);
    const uses = workers.flatMap(({ prepared }) => (prepared ? servicesUsed(prepared) : []));
    await this.#preflight(uses, workers);
    await takeTurns(uses, {
      services: this.services,
      notes: this.#notes,
      timeline: this.timeline,
      testPath: this.#testName(),
      signal: this.#ending.signal,
      isAttached: name => this.workers.get(name)?.spec.attach ?? false,
    });
    await this.#countAttached(uses);
    for (const worker of workers) void this.#launchInOrder(worker);
  }

  /** Resolves when every worker is ready. @throws the failure of the first one that is not going to be. */
  async untilReady(): Promise<void> {
    const workers = [...this.workers.values()];
    const progress = reportProgress(seconds => describeWaiting(workers, seconds));
    try {
      await Promise.all(workers.map(({ started }) => started.promise));
      this.timeline.record('gate.opened');
    } finally {
      progress.stop();
    }
  }

  /** Starts a worker again, with other variables if need be; for `start` and `restart` of a test. */
  async relaunch(worker: SessionWorker, restartEnv: Readonly<Record<string, string | null>>): Promise<void> {
    worker.death = undefined;
    worker.restartEnv = restartEnv;
    worker.prepared = await this.#prepare(worker, { env: restartEnv });
    await this.#preflight(servicesUsed(worker.prepared), [worker]);
    await this.#launch(worker);
  }

  async stopWorker(worker: SessionWorker): Promise<void> {
    await worker.runner.stop();
    this.#ledger.forget(worker.spec.name);
  }

  /** @param test stands for the test, and is the same at its end */
  beginTest(test: object, name: string): void {
    this.timeline.record('test.started', { test: name });
    const isFirst = this.course.begin(test, name);
    if (isFirst) this.#beginPiece(view => view.markTest());
  }

  /** @param type as Jest calls it: `beforeAll` */
  beginHook(type: string): void {
    this.course.beginHook(type);
    if (type.endsWith('All')) this.#beginPiece(view => view.markHook());
  }

  #beginPiece(mark: (view: LogView) => void): void {
    for (const worker of this.workers.values()) {
      mark(worker.view);
      worker.restartsMeanwhile = [];
    }
  }

  endTest(test: object, outcome: 'passed' | 'failed' | 'skipped'): void {
    const name = this.course.end(test, { isSkipped: outcome === 'skipped' });
    this.timeline.record('test.ended', { test: name, outcome });
  }

  /** What a failed test or hook is told with; nothing where there is no worker. */
  async describeScene(): Promise<readonly string[]> {
    return describeScene([...this.workers.values()], this.services, this.secrets);
  }

  /** A test is not over before what it did to its workers was heard of: an exit comes a turn of the event loop late or more. */
  async untilExitsHeard(): Promise<void> {
    if (this.workers.size > 0) await untilExitsHeard([...this.workers.values()].map(({ runner }) => runner));
  }

  /** Stops everything in reverse order and lets go of everything. Every step is taken, then the first error is thrown. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort(new Error('the session is over'));
    this.waits.close();
    const problems = await stopInOrder([...this.workers.values()], worker => this.stopWorker(worker));
    if (this.death.untold) problems.unshift(this.death.untold);
    await this.services.close();
    this.#notes.removeOwn();
    for (const echo of this.#echoes) echo.close();
    for (const { view } of this.workers.values()) view.close();
    this.timeline.record('session.closed', { problems: problems.length });
    this.timeline.close();
    if (problems.length > 0) throw problems[0];
  }

  #createWorker(spec: WorkerSpec): SessionWorker {
    const held = spec.attach ? findHeldWorker(this.#options.rootDir, spec.name) : undefined;
    const path = join(this.folder, `${spec.name}.stdout.log`);
    const files = spec.attach
      ? openAttachedLogs(held)
      : writeRecords(path, () => openLogFiles(this.folder, spec.name));
    const view = new LogView(spec.name, files);
    const options: RunnerReports = {
      spec,
      timeline: this.timeline,
      look: failure => this.#lookAt(runner, view, failure),
      explain: (failure, evidence) => {
        if (runner.flood) return explainFlood(runner.flood, this.course.moment, evidence);
        return explainStartFailure(failure, evidence);
      },
      onDeath: death => {
        const { flood } = runner;
        const { moment } = this.course;
        const evidence = this.#lookAt(runner, view, { kind: 'died', exit: death.exit });
        worker.death = maskError(explainEnd(death, { flood, moment, evidence }), this.secrets);
        if (death.kind === 'ignored') this.waits.look();
        else this.death.report(worker.death);
      },
    };
    const runner: WorkerControl = spec.attach
      ? new AttachedRunner({ ...options, view, held })
      : new WorkerRunner({
          ...options,
          logs: view.files,
          launchWatch: openLaunchWatch(join(dirname(this.folder), 'watchdog.ndjson')),
          prepareRestart: (after, signal) => this.#prepareRestart(worker, after, signal),
          onRestartFailed: error => {
            const [after = { code: null, signal: null }] = worker.restartsMeanwhile.slice(-1);
            worker.death = maskError(
              explainFailedRestart(error, spec.name, after, this.course.moment),
              this.secrets,
            );
            this.death.report(worker.death);
          },
        });
    const worker: SessionWorker = {
      spec,
      view,
      runner,
      started: deferred(),
      prepared: undefined,
      restartEnv: {},
      restartsMeanwhile: [],
      death: undefined,
    };
    return worker;
  }

  #lookAt(runner: WorkerControl, view: LogView, failure: WorkerFailure): Evidence {
    return collectEvidence(failure, {
      runner,
      view,
      services: this.services,
      ledger: this.#ledger,
      rootDir: this.#options.rootDir,
      secrets: this.secrets,
    });
  }

  #prepare(worker: SessionWorker, restart?: RestartOptions): Promise<PreparedLaunch> {
    const context: LaunchContext = {
      rootDir: this.#options.rootDir,
      folder: this.folder,
      services: this.services,
      ledger: this.#ledger,
      secrets: this.secrets,
      loadModule: path => this.#options.loadModule(path),
    };
    if (worker.runner instanceof AttachedRunner) return prepareAttachment(worker.runner, context);
    return prepareLaunch(worker.spec, worker.view, context, restart);
  }

  /** The launch that follows an exit by itself: like the one before, ports included, but under a cookie of its own. */
  async #prepareRestart(
    worker: SessionWorker,
    after: WorkerExit,
    signal: AbortSignal,
  ): Promise<PreparedLaunch> {
    worker.restartsMeanwhile = [...worker.restartsMeanwhile, after];
    this.#ledger.forget(worker.spec.name);
    const ports = worker.prepared?.plan.ports ?? {};
    const prepared = await this.#prepare(worker, { env: worker.restartEnv, ports });
    await this.#preflight(servicesUsed(prepared), [worker], signal);
    signal.throwIfAborted();
    worker.prepared = prepared;
    await this.#settle(worker, prepared);
    return prepared;
  }

  async #preflight(
    uses: readonly ServiceUse[],
    workers: readonly SessionWorker[],
    signal = this.#ending.signal,
  ): Promise<void> {
    const timeoutMs = Math.max(0, ...workers.map(({ spec }) => spec.startTimeoutMs));
    await preflight(uses, this.services, { timeoutMs, signal, secrets: this.secrets });
  }

  async #countAttached(uses: readonly ServiceUse[]): Promise<void> {
    const attached = uses.filter(({ worker }) => this.workers.get(worker)?.spec.attach);
    await countAttached(attached, {
      services: this.services,
      ledger: this.#ledger,
      timeline: this.timeline,
    });
  }

  async #launchInOrder(worker: SessionWorker): Promise<void> {
    try {
      for (const name of worker.spec.after) await this.workers.get(name)?.started.promise;
      this.#ending.signal.throwIfAborted();
      await this.#launch(worker);
      worker.started.resolve();
    } catch (error) {
      worker.started.reject(error);
    }
  }

  async #launch(worker: SessionWorker): Promise<void> {
    const { spec, runner, prepared } = worker;
    if (!prepared) throw new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${spec.name}" was not prepared`);
    if (spec.attach) return runner.start(prepared);
    await this.#settle(worker, prepared);
    await runner.start(prepared);
  }

  /** Whatever is to be known right before a spawn. */
  async #settle({ runner, view }: SessionWorker, prepared: PreparedLaunch): Promise<void> {
    const { services, timeline, secrets } = this;
    const context = { services, timeline, secrets, ledger: this.#ledger };
    const isFirstStart = runner.state.kind === 'idle';
    await settleAddresses(prepared, context);
    await settleQueues(servicesUsed(prepared), { ...context, isFirstStart });
    this.#ending.signal.throwIfAborted();
    await loadExeca();
    view.markLaunch();
  }

  #testName(): string {
    return relative(this.#options.rootDir, this.#options.testPath);
  }
}
