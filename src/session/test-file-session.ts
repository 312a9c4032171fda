import { basename, dirname, join, relative } from 'node:path';
import type { LiveWorkerError } from '../errors.ts';
import { secretSourcesOf } from '../launch/secret-sources.ts';
import { echoLogs } from '../logs/echo-logs.ts';
import type { LogView } from '../logs/log-view.ts';
import { reportProgress } from '../probe/report-progress.ts';
import { clockOrigin } from '../records/clock-origin.ts';
import { endLeftovers } from '../records/end-leftovers.ts';
import type { Leftover } from '../records/find-leftovers.ts';
import { openTestFileFolder } from '../records/open-test-file-folder.ts';
import { openTimeline, type Timeline } from '../records/timeline.ts';
import { writeRecords } from '../records/write-records.ts';
import type { SecretSource } from '../secrets/list-secrets.ts';
import { maskError } from '../secrets/mask-error.ts';
import { Secrets } from '../secrets/secrets.ts';
import type { ServiceUse } from '../service/service.ts';
import { Services } from '../service/services.ts';
import { notice } from '../text/notice.ts';
import { holderOf } from '../worker/holder-of.ts';
import { isOtherStarting } from '../worker/is-other-starting.ts';
import { Taps } from '../worker/prepare/taps.ts';
import { untilGuarded } from '../worker/runner/launch-watch.ts';
import type { WorkerLease } from '../worker/runner/worker-lease.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import { stopInOrder } from '../worker/stop-in-order.ts';
import { Traces } from '../worker/traces/traces.ts';
import { untilExitsHeard } from '../worker/until-exits-heard.ts';
import { WorkerLauncher } from '../worker/worker-launcher.ts';
import { ArmedPoints } from './crash/armed-points.ts';
import { Faults } from './crash/faults.ts';
import { createWorker, type WorkerContext } from './create-worker.ts';
import { DeathNotice } from './death-notice.ts';
import { describeFailureContext } from './describe-failure-context.ts';
import { describeWaiting } from './describe-waiting.ts';
import { failureText } from './failure-text.ts';
import { hideFrames } from './hide-frames.ts';
import { lostSince } from './lost-since.ts';
import { RunningTests } from './running-tests.ts';
import { sessionServers } from './servers/open-session-servers.ts';
import type { SessionServers } from './servers/session-servers.ts';
import type { SessionOptions } from './session-options.ts';
import { sessionSlots } from './slots/open-session-slots.ts';
import type { SessionSlots } from './slots/session-slots.ts';
import { DeadLetterWatch } from './tap/dead-letter-watch.ts';
import { TestWindow } from './tap/test-window.ts';
import { TestRecords } from './test-records.ts';
import { TestTraces } from './test-traces.ts';
import { TestClock } from './waits/test-clock.ts';
import { waitAfterLastTest } from './waits/wait-after-last-test.ts';
import { fileOver } from './waits/wait-errors.ts';
import { Waits } from './waits/waits.ts';

/** One test file and its workers: starts, watches and stops them. */
export class TestFileSession {
  readonly clock = new TestClock();
  readonly services: Services;
  readonly folder: string;
  readonly window = new TestWindow();
  readonly deadLetters = new DeadLetterWatch(this);
  readonly tests = new RunningTests(() => this.waits.look());
  readonly death = new DeathNotice(() => this.waits.look());
  readonly waits = new Waits(this.tests, this.death);
  readonly workers: ReadonlyMap<string, SessionWorker>;
  readonly timeline: Timeline;
  readonly records: TestRecords;
  readonly testTraces: TestTraces;
  /** All this file knows of: what it prints, writes or throws holds none of them. */
  readonly secrets: Secrets;
  readonly launcher: WorkerLauncher;
  readonly points: ArmedPoints;
  readonly faults: Faults;
  readonly #options: SessionOptions;
  readonly #leftovers: readonly Leftover[];
  readonly #ending = new AbortController();
  readonly #echoes: readonly { close(): void }[];
  readonly #servers: SessionServers | undefined;
  readonly #slots: SessionSlots | undefined;
  #isFailed = false;
  readonly taps = new Taps();
  readonly #traces: Traces;
  #lease: WorkerLease | undefined;
  #launched: Promise<void> | undefined;
  #ended: Promise<readonly unknown[]> | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.secrets = new Secrets([
      ...Object.entries(process.env).map(([name, value]): SecretSource => [name, value ?? '']),
      ...options.spec.workers.flatMap(secretSourcesOf),
    ]);
    const { base, path, leftovers } = writeRecords(join(options.rootDir, '.live-worker'), () =>
      openTestFileFolder(options.rootDir, options.testPath),
    );
    this.folder = path;
    this.#leftovers = leftovers;
    this.timeline = openTimeline(`${path}/events.ndjson`, {
      mask: fields => this.secrets.maskData(fields) as typeof fields,
      onTrouble: notice,
    });
    const client = {
      name: `live-worker tests of ${this.testName}`,
      folder: base,
      testPath: this.testName,
      timeline: this.timeline,
      secrets: this.secrets,
      onLost: (error: LiveWorkerError, repeated: LiveWorkerError) => this.death.report(error, repeated),
      isOwn: (kind: string, url: string) =>
        this.#slots?.given?.holds(kind, url, { env: process.env, cwd: options.rootDir }) ?? false,
    };
    this.#traces = new Traces({ timeline: this.timeline, secrets: this.secrets });
    this.testTraces = new TestTraces(options.spec.workers.some(({ otel, attach }) => otel && !attach));
    const createServices = () => new Services(client, options.serviceKinds);
    this.services = createServices();
    const { tests, death, waits, timeline, secrets } = this;
    const { taps, services } = this;
    this.points = new ArmedPoints({ taps, services, timeline, tests, waits });
    this.faults = new Faults({
      taps,
      services,
      timeline,
      points: this.points,
      relaunch: worker => this.#relaunch(worker),
    });
    const context = {
      rootDir: options.rootDir,
      folder: path,
      services: this.services,
      secrets,
      taps: this.taps,
      traces: this.#traces,
      isOtherStarting: (name: string) => isOtherStarting(this.workers, name),
      loadModule: (file: string) => options.loadModule(file),
      servers: () => this.#servers?.given,
      slots: () => this.#slots?.given,
      measures: options.meter !== undefined,
    };
    this.#servers = sessionServers(options, {
      testFile: this.testName,
      secrets,
      timeline,
      onLost: error => this.#reportLost(error),
    });
    this.#slots = sessionSlots(options, {
      testFile: this.testName,
      servers: () => this.#servers?.given,
      secrets,
      timeline,
      createServices,
      ending: this.#ending.signal,
      onLost: error => this.#reportLost(error),
    });
    this.launcher = new WorkerLauncher({
      context,
      timeline,
      ending: this.#ending.signal,
      openLease: () => this.#openLease(),
    });
    const workerContext: WorkerContext = {
      context,
      timeline,
      tests,
      death,
      waits,
      launcher: this.launcher,
      points: this.points,
      meter: options.meter,
      holderOf: spec => holderOf(spec, options.spec),
    };
    this.workers = new Map(options.spec.workers.map(spec => [spec.name, createWorker(spec, workerContext)]));
    this.#echoes = [...this.workers.values()]
      .filter(({ spec, view }) => spec.echo && view.hasFiles)
      .map(({ spec, view }) => echoLogs(spec.name, view.files, secrets));
    this.records = new TestRecords(timeline, () => this.workers.values());
    timeline.record('session.opened', {
      testPath: options.testPath,
      workers: [...this.workers.keys()],
      ...clockOrigin(),
    });
  }

  get defined(): readonly string[] {
    return this.#options.defined;
  }

  /** Resolves when it is decided what each worker is launched as; nothing of this file is started yet. */
  async prepare(): Promise<void> {
    const workers = [...this.workers.values()];
    // It is loaded while the services are waited for.
    if (this.#own.some(({ spec }) => !spec.attach)) await this.launcher.warmUp();
    await endLeftovers(this.#leftovers);
    await this.#servers?.take(workers.map(({ spec }) => spec));
    // What is launched later waits for them later.
    if (this.#slots || this.#leased.length > 0) await this.#servers?.untilUp();
    await this.#slots?.take(workers.map(({ spec }) => spec));
    for (const worker of workers) worker.launchNext(await this.launcher.prepare(worker));
    const plans = workers.flatMap(({ prepared }) => prepared?.plan ?? []);
    this.#servers?.lead(plans);
    this.#slots?.lead(plans);
  }

  /**
   * Resolves when every worker is on its way, those that wait for no other spawned; whether they arrive is for `untilReady` to
   * say. The same for every call.
   */
  launch(): Promise<void> {
    this.#launched ??= this.#launch();
    return this.#launched;
  }

  /** True while a server that its workers need is being started for the run: Jest can load the test file meanwhile. */
  get isWaitingForServers(): boolean {
    return this.#servers?.isPending ?? false;
  }

  async #launch(): Promise<void> {
    if (this.#servers) {
      await this.#servers.untilUp();
      this.#ending.signal.throwIfAborted();
    }
    const own = this.#own;
    const uses = own.flatMap(({ prepared }) => prepared?.uses ?? []);
    const isAttached = (name: string) => this.workers.get(name)?.spec.attach ?? false;
    await this.launcher.preflight(uses, own);
    const shared = uses.filter(use => !this.#slots?.given?.isIn(use));
    await this.services.takeTurns(await this.#wantedTurns(shared), {
      signal: this.#ending.signal,
      isAttached,
    });
    await this.services.beforeAttach(uses.filter(({ worker }) => isAttached(worker)));
    this.launcher.launchInOrder(this.workers);
    // Jest loads the test file now and blocks its event loop: a worker that is spawned by then boots meanwhile.
    await Promise.all(
      own.filter(({ spec }) => spec.after.length === 0).map(({ spawned }) => spawned.promise),
    );
  }

  /** @param error why the file fails as a whole: its workers did not come up; nothing for a test or a hook */
  noteFailure(error?: unknown): void {
    this.#isFailed = true;
    if (error !== undefined) this.records.fail([failureText(maskError(error, this.secrets))]);
  }

  /** @throws SLOT_ESCAPED where the test file is led past what it has for itself */
  refuseEscape(): void {
    this.#slots?.refuseEscape();
  }

  /** Those that this process starts, or attaches to. */
  get #own(): readonly SessionWorker[] {
    return [...this.workers.values()].filter(({ holder }) => holder === 'here');
  }

  get #leased(): readonly SessionWorker[] {
    return [...this.workers.values()].filter(({ holder }) => holder !== 'here');
  }

  /** Resolves when every worker is ready. @throws the failure of the first one that is not going to be. */
  async untilReady(): Promise<void> {
    const workers = [...this.workers.values()];
    const progress = reportProgress(seconds => describeWaiting(workers, seconds));
    try {
      await Promise.all(workers.map(({ ready }) => ready));
      await untilGuarded();
      this.timeline.record('gate.opened');
    } finally {
      progress.stop();
    }
  }

  async stopWorker(worker: SessionWorker): Promise<void> {
    await worker.runner.stop();
    this.services.forget(worker.spec.name);
  }

  async #relaunch(worker: SessionWorker): Promise<void> {
    await this.stopWorker(worker);
    await this.launcher.relaunch(worker, worker.restartEnv);
  }

  /** @param test stands for the test, and is the same at its end */
  beginTest(test: object, name: string): void {
    this.records.begin(test, name, this.testTraces.begin(test));
    const isFirst = this.tests.begin(test, name);
    if (isFirst) this.#markLogs(view => view.markTest());
    else this.window.noteConcurrent();
  }

  /** @param type as Jest calls it: `beforeAll` */
  beginHook(type: string): void {
    this.tests.beginHook(type);
    if (type.endsWith('All')) this.#markLogs(view => view.markHook());
  }

  #markLogs(mark: (view: LogView) => void): void {
    this.window.begin({ isTest: this.tests.running !== undefined });
    for (const worker of this.workers.values()) {
      worker.prepared?.tap?.beginTest(this.window.beganMs);
      mark(worker.view);
      worker.forgetMeanwhile();
    }
  }

  /** @param failures as Jest shows them */
  endTest(test: object, outcome: 'passed' | 'failed' | 'skipped', failures: readonly string[] = []): void {
    const name = this.tests.end(test, { isSkipped: outcome === 'skipped' });
    this.testTraces.end(test);
    if (outcome === 'failed') this.noteFailure();
    this.records.end(test, name, outcome, failures);
  }

  /** Where the report of the run tells of the test, or of the file; undefined where none is going to be written. */
  reportLine(test?: object): string | undefined {
    if (!this.#options.isReported || this.workers.size === 0) return undefined;
    const place = test === undefined ? '' : `:${this.records.numberOf(test)}`;
    return `report: ${join(dirname(this.folder), 'report.html')}#test=${basename(this.folder)}${place}`;
  }

  /** What a failed test or hook is told with; nothing where there is no worker. */
  async describeFailureContext(): Promise<readonly string[]> {
    const led = [...(this.#servers?.describe() ?? []), ...(this.#slots?.describe() ?? [])];
    const ofSlots = led.map(line => this.secrets.quote(line));
    return [
      ...ofSlots,
      ...(await describeFailureContext([...this.workers.values()], {
        services: this.services,
        secrets: this.secrets,
        trace: this.testTraces.current,
      })),
    ];
  }

  /** A test is not over before what it did to its workers was heard of: an exit comes a turn of the event loop late or more. */
  async untilExitsHeard(): Promise<void> {
    if (this.workers.size > 0) await untilExitsHeard([...this.workers.values()].map(({ runner }) => runner));
  }

  /** The same for the last test, after which the workers are asked to end. */
  async untilLastExitsHeard(): Promise<void> {
    if (this.workers.size > 0) await waitAfterLastTest(this.tests, this.death);
    await this.untilExitsHeard();
  }

  /** The same as `end`. @throws the first thing that went wrong */
  async close(): Promise<void> {
    const problems = await this.end();
    if (problems.length > 0) throw problems[0];
  }

  /**
   * Stops everything in reverse order and lets go of everything. Every step is taken; resolves with what went wrong and was
   * not told yet, for the first who asks. With `isHeard` the waits that a test left behind reject because the file is over.
   */
  async end(hearing: { readonly isHeard?: boolean } = {}): Promise<readonly unknown[]> {
    if (this.#ended) return this.#ended.then(() => []);
    this.#ended = this.#end(hearing);
    return this.#ended;
  }

  async #end(hearing: { readonly isHeard?: boolean }): Promise<readonly unknown[]> {
    const missed = await this.points.endFile();
    this.#ending.abort(fileOver());
    this.waits.end(hearing);
    const stop = (workers: readonly SessionWorker[]) =>
      stopInOrder(workers, { stop: worker => this.stopWorker(worker) });
    const problems: unknown[] = [...missed, ...(await stop(this.#own))];
    for (const { spec, runner } of this.#leased) if (spec.coverage) await this.#options.meter?.take(runner);
    // Those of the run are watched until then: a later end is told to the next file.
    problems.push(...((await this.#lease?.end()) ?? []), ...(await stop(this.#leased)));
    await this.taps.close();
    // Their last spans came while they ended.
    await this.#traces.close();
    if (this.death.untold) problems.unshift(this.death.untold);
    this.services.release();
    // A test that still waits for a service is told that the file is over, not what became of its connection.
    this.waits.close();
    await this.services.close();
    const isFailed = this.#isFailed || this.death.error !== undefined;
    await this.#slots?.end({ isFailed }).catch(error => problems.push(error));
    this.#servers?.end();
    for (const echo of this.#echoes) echo.close();
    for (const { view } of this.workers.values()) view.close();
    const told = problems.map(problem => hideFrames(maskError(problem, this.secrets)));
    this.timeline.record('session.closed', { problems: problems.length, failures: told.map(failureText) });
    this.timeline.close();
    return told;
  }

  /** Those that no worker of the run has for this very file. */
  async #wantedTurns(uses: readonly ServiceUse[]): Promise<readonly ServiceUse[]> {
    const had = new Set(this.#leased.flatMap(({ prepared }) => this.#turnsOf(prepared?.uses ?? [])));
    const wanted = uses.filter(use => !this.#turnsOf([use]).some(turn => had.has(turn)));
    const turns = this.#turnsOf(wanted);
    if (turns.length > 0) await this.#options.yieldTurns?.(turns);
    return wanted;
  }

  #turnsOf(uses: readonly ServiceUse[]): readonly string[] {
    return uses.flatMap(use => this.services.turnsOf(use));
  }

  async #openLease(): Promise<WorkerLease> {
    const { openLease, spec, rootDir } = this.#options;
    if (!openLease) throw new TypeError('Workers of the run are leased by test files alone');
    const given = this.#slots?.given?.all;
    const lease = await openLease({
      workers: this.#leased.map(worker => worker.spec),
      rootDir,
      testFile: this.testName,
      folder: this.folder,
      servers: this.#servers?.given?.all ?? [],
      ...(given ? { slots: { given, env: spec.isolate?.env ?? {} } } : {}),
    });
    this.#lease = lease;
    void lease.lost.then(({ error, repeated }) => this.#reportLost(error, repeated));
    return lease;
  }

  /** What all its workers were lost with. */
  #reportLost(error: LiveWorkerError, repeated = lostSince(error, this.tests.moment)): void {
    this.death.report(error, repeated);
  }

  /** From rootDir. */
  get testName(): string {
    return relative(this.#options.rootDir, this.#options.testPath);
  }
}
