import { dirname, join, relative } from 'node:path';
import type { Evidence, WorkerFailure } from '../diagnose/evidence.ts';
import { explainDeath } from '../diagnose/explain-death.ts';
import { explainStartFailure } from '../diagnose/explain-start-failure.ts';
import { LiveWorkerError } from '../errors.ts';
import { loadExeca } from '../process/load-execa.ts';
import { closeLogFiles, openLogFiles } from '../process/open-log-files.ts';
import type { LiveWorkersSpec, WorkerSpec } from '../spec/options.ts';
import { openTimeline, type Timeline } from '../timeline/timeline.ts';
import { collectEvidence } from './collect-evidence.ts';
import { type Deferred, deferred } from './deferred.ts';
import { echoLogs } from './echo-logs.ts';
import { endLeftovers } from './end-leftovers.ts';
import type { Leftover } from './find-leftovers.ts';
import { openLaunchWatch } from './launch-watch.ts';
import { LogView } from './log-view.ts';
import { preflight } from './preflight.ts';
import { type LaunchContext, prepareLaunch } from './prepare-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { presentFailure } from './present-failure.ts';
import { reportProgress } from './progress.ts';
import { QueueLedger } from './queue-ledger.ts';
import { openFileFolder } from './run-folder.ts';
import { type ServiceUse, servicesUsed } from './service-uses.ts';
import { Services } from './services.ts';
import { settleQueues } from './settle-queues.ts';
import { takeTurns } from './take-turns.ts';
import { TestClock } from './test-clock.ts';
import { TurnNotes } from './turn-notes.ts';
import { WorkerRunner } from './worker-runner.ts';

export interface SessionOptions {
  readonly spec: LiveWorkersSpec;
  readonly rootDir: string;
  readonly testPath: string;
  /** Loads the module of a `module` probe the way Jest loads the project's own files. */
  loadModule(path: string): Promise<unknown>;
}

/** One worker of this file, with everything the session keeps beside it. */
export interface SessionWorker {
  readonly spec: WorkerSpec;
  readonly runner: WorkerRunner;
  readonly view: LogView;
  readonly started: Deferred<void>;
  prepared: PreparedLaunch | undefined;
}

/** One test file and its workers: starts them, watches them, stops them, whatever happens in between. */
export class TestFileSession {
  readonly clock = new TestClock();
  readonly services: Services;
  readonly folder: string;
  /** Rejects when a worker ends unasked; never resolves. */
  readonly death = deferred<never>();
  readonly workers: ReadonlyMap<string, SessionWorker>;
  readonly timeline: Timeline;
  readonly #options: SessionOptions;
  readonly #leftovers: readonly Leftover[];
  readonly #notes: TurnNotes;
  readonly #ledger = new QueueLedger();
  readonly #ending = new AbortController();
  readonly #echoes: readonly { close(): void }[];
  #deathError: LiveWorkerError | undefined;
  #isDeathTold = false;
  #runningTest: string | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { base, path, leftovers } = openFileFolder(options.rootDir, options.testPath);
    this.folder = path;
    this.#leftovers = leftovers;
    this.services = new Services(`live-worker tests of ${this.#testName()}`);
    this.timeline = openTimeline(`${path}/events.ndjson`);
    this.#notes = new TurnNotes(base);
    this.workers = new Map(options.spec.workers.map(spec => [spec.name, this.#createWorker(spec)]));
    this.#echoes = [...this.workers.values()]
      .filter(({ spec }) => spec.echo)
      .map(({ spec, view }) => echoLogs(spec.name, view.files));
    this.timeline.record('session.opened', { testPath: options.testPath, workers: [...this.workers.keys()] });
  }

  /** The error of the first worker that ended unasked. */
  get deathError(): LiveWorkerError | undefined {
    return this.#deathError;
  }

  /** The same, unless a test or hook has failed with it. */
  get untoldDeath(): LiveWorkerError | undefined {
    return this.#isDeathTold ? undefined : this.#deathError;
  }

  /** Looks for a worker's end among the errors of a test or hook that failed. */
  noteErrors(errors: readonly unknown[]): void {
    if (this.#deathError && errors.includes(this.#deathError)) this.#isDeathTold = true;
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
    });
    for (const worker of workers) void this.#launchInOrder(worker);
  }

  /** Resolves when every worker is ready. @throws the failure of the first one that is not going to be. */
  async untilReady(): Promise<void> {
    const workers = [...this.workers.values()];
    const progress = reportProgress(seconds => this.#describeWaiting(seconds));
    try {
      await Promise.all(workers.map(({ started }) => started.promise));
      this.timeline.record('gate.opened');
    } finally {
      progress.stop();
    }
  }

  /** Starts a worker again, with other variables if need be; for `start` and `restart` of a test. */
  async relaunch(worker: SessionWorker, restartEnv: Readonly<Record<string, string | null>>): Promise<void> {
    worker.prepared = await this.#prepare(worker, restartEnv);
    await this.#preflight(servicesUsed(worker.prepared), [worker]);
    await this.#launch(worker);
  }

  async stopWorker(worker: SessionWorker): Promise<void> {
    await worker.runner.stop();
    this.#ledger.forget(worker.spec.name);
  }

  beginTest(name: string): void {
    this.#runningTest = name;
    this.timeline.record('test.started', { test: name });
    for (const { view } of this.workers.values()) view.markTest();
  }

  endTest(outcome: 'passed' | 'failed'): void {
    this.timeline.record('test.ended', { test: this.#runningTest, outcome });
    this.#runningTest = undefined;
  }

  /** Stops everything in reverse order and lets go of everything. Every step is taken, then the first error is thrown. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#ending.abort(new Error('the session is over'));
    const problems: unknown[] = [];
    const stopped = new Map<SessionWorker, Promise<void>>();
    for (const worker of [...this.workers.values()].reverse())
      stopped.set(worker, this.#stopInOrder(worker, stopped));
    for (const outcome of await Promise.allSettled(stopped.values())) {
      if (outcome.status === 'rejected') problems.push(outcome.reason);
    }
    if (this.untoldDeath) problems.unshift(this.untoldDeath);
    await this.services.close();
    this.#notes.removeOwn();
    for (const echo of this.#echoes) echo.close();
    for (const { view } of this.workers.values()) closeLogFiles(view.files);
    this.timeline.record('session.closed', { problems: problems.length });
    this.timeline.close();
    if (problems.length > 0) throw problems[0];
  }

  /** Those that came up after a worker go down before it. */
  async #stopInOrder(
    worker: SessionWorker,
    stopped: ReadonlyMap<SessionWorker, Promise<void>>,
  ): Promise<void> {
    await Promise.resolve();
    const dependents = [...stopped].filter(([other]) => other.spec.after.includes(worker.spec.name));
    await Promise.allSettled(dependents.map(([, stopping]) => stopping));
    await this.stopWorker(worker);
  }

  #createWorker(spec: WorkerSpec): SessionWorker {
    const view = new LogView(openLogFiles(this.folder, spec.name));
    const runner: WorkerRunner = new WorkerRunner({
      spec,
      logs: view.files,
      timeline: this.timeline,
      launchWatch: openLaunchWatch(join(dirname(this.folder), 'watchdog.ndjson')),
      explain: failure => explainStartFailure(failure, this.#lookAt(runner, view, failure)),
      onDeath: exit => {
        const evidence = this.#lookAt(runner, view, { kind: 'died', exit });
        this.#reportDeath(explainDeath(exit, this.#runningTest, evidence));
      },
    });
    return { spec, view, runner, started: deferred(), prepared: undefined };
  }

  #lookAt(runner: WorkerRunner, view: LogView, failure: WorkerFailure): Evidence {
    return collectEvidence(failure, {
      runner,
      view,
      services: this.services,
      rootDir: this.#options.rootDir,
    });
  }

  #reportDeath(error: LiveWorkerError): void {
    presentFailure(error);
    this.#deathError ??= error;
    this.death.reject(error);
  }

  #prepare(
    worker: SessionWorker,
    restartEnv?: Readonly<Record<string, string | null>>,
  ): Promise<PreparedLaunch> {
    const context: LaunchContext = {
      rootDir: this.#options.rootDir,
      folder: this.folder,
      services: this.services,
      ledger: this.#ledger,
      loadModule: path => this.#options.loadModule(path),
    };
    return prepareLaunch(worker.spec, worker.view, context, restartEnv);
  }

  async #preflight(uses: readonly ServiceUse[], workers: readonly SessionWorker[]): Promise<void> {
    const timeoutMs = Math.max(0, ...workers.map(({ spec }) => spec.startTimeoutMs));
    await preflight(uses, this.services, { timeoutMs, signal: this.#ending.signal });
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

  async #launch({ spec, runner, view, prepared }: SessionWorker): Promise<void> {
    if (!prepared) throw new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${spec.name}" was not prepared`);
    const context = { services: this.services, ledger: this.#ledger, timeline: this.timeline };
    await settleQueues(servicesUsed(prepared), { ...context, env: prepared.plan.env });
    this.#ending.signal.throwIfAborted();
    await loadExeca();
    view.markLaunch();
    await runner.start(prepared);
  }

  #describeWaiting(seconds: number): string | undefined {
    const waits = [...this.workers.values()].flatMap(({ spec, runner }) => {
      if (runner.state.kind !== 'probing') return [];
      const unmet = runner.board.entries().flatMap(({ probe, answer }) => {
        if (answer?.kind === 'ready') return [];
        return [answer?.why ?? probe];
      });
      return [
        `worker "${spec.name}" is not ready after ${seconds} s of ${spec.startTimeoutMs / 1_000}: ${unmet.join('; ')}`,
      ];
    });
    return waits.length === 0 ? undefined : waits.join('\nlive-worker: ');
  }

  #testName(): string {
    return relative(this.#options.rootDir, this.#options.testPath);
  }
}
