import type { Evidence, StartFailure, WorkerFailure } from '../diagnose/evidence.ts';
import { LiveWorkerError } from '../errors.ts';
import type { LogView } from '../logs/log-view.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { HeldWorker } from '../records/held-worker.ts';
import type { Timeline } from '../records/timeline.ts';
import type { CoverageMeter } from './coverage/coverage-meter.ts';
import type { WorkerHolder } from './holder-of.ts';
import type { WorkerDeath } from './lifecycle/lifecycle-effects.ts';
import type { WorkerExit } from './lifecycle/lifecycle-events.ts';
import type { PreparedLaunch } from './prepare/prepared-launch.ts';
import type { ProcessesAtReady } from './processes-at-ready.ts';
import { AttachedRunner } from './runner/attached-runner.ts';
import { deferred } from './runner/deferred.ts';
import type { ForcedStop } from './runner/forced-stop.ts';
import type { LaunchWatch } from './runner/launch-watch.ts';
import { LeasedRunner } from './runner/leased-runner.ts';
import { RemoteRunner } from './runner/remote-runner.ts';
import type { RunnerReports, WorkerControl } from './runner/worker-control.ts';
import { WorkerRunner } from './runner/worker-runner.ts';

/** What the session of a test file does for its workers, and hears of them. */
export interface SessionReports {
  /** Looks at everything that is known about the launch now. */
  look(failure: WorkerFailure, worker: SessionWorker): Evidence;
  /** Asks a worker that hangs what it is doing; it may die of the question. Never rejects. */
  askStacks(worker: SessionWorker): Promise<Pick<Evidence, 'stacks' | 'busy'>>;
  /** Turns a failed start into the error the user reads. */
  explain(failure: StartFailure, evidence: Evidence, worker: SessionWorker): LiveWorkerError;
  /** Prepares the launch that is to follow an exit by itself. */
  prepareRestart(signal: AbortSignal, worker: SessionWorker): Promise<PreparedLaunch>;
  onDeath(death: WorkerDeath, worker: SessionWorker): void;
  onRestartFailed(error: LiveWorkerError, worker: SessionWorker): void;
  onForcedStop?(forced: ForcedStop, worker: SessionWorker): void;
  /** Where it is in its life, or how it ended, has changed. */
  onChange?(worker: SessionWorker): void;
}

export interface SessionWorkerOptions {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  readonly timeline: Timeline;
  /** For a worker to attach to: the terminal that holds it. */
  readonly held: HeldWorker | undefined;
  readonly holder: WorkerHolder;
  readonly launchWatch: LaunchWatch;
  /** Undefined where its coverage is not measured. */
  readonly meter?: CoverageMeter | undefined;
  readonly reports: SessionReports;
}

/** One worker of a test file: its runner, its logs, and what the session has to know of its launches. */
export class SessionWorker {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  readonly runner: WorkerControl;
  readonly holder: WorkerHolder;
  /** Resolves when its first launch was spawned, or is not going to be. */
  readonly spawned = deferred<void>();
  /** Its first launch, as soon as that is on its way: resolves when the worker is ready. */
  ready: Promise<void> | undefined;
  /** Written when it is ready. */
  atReady: ProcessesAtReady | undefined;
  #next: PreparedLaunch | undefined;
  #restartEnv: Readonly<Record<string, string | null>> = {};
  #restarts: readonly WorkerExit[] = [];
  #forcedStops: readonly ForcedStop[] = [];
  #death: LiveWorkerError | undefined;

  constructor(options: SessionWorkerOptions) {
    this.spec = options.spec;
    this.view = options.view;
    this.holder = options.holder;
    this.runner = this.#createRunner(options);
  }

  /** The launch that is to begin, else the one that runs or was the last to. */
  get prepared(): PreparedLaunch | undefined {
    return this.#next ?? this.runner.prepared;
  }

  /** What its last launch was given beyond its spec. */
  get restartEnv(): Readonly<Record<string, string | null>> {
    return this.#restartEnv;
  }

  /** The exits it was started again after by itself since the running test, or hook of all tests, began. */
  get restartsMeanwhile(): readonly WorkerExit[] {
    return this.#restarts;
  }

  /** The stops it did not obey since then. */
  get forcedMeanwhile(): readonly ForcedStop[] {
    return this.#forcedStops;
  }

  /** Its last end, when it was not asked for and the worker not started again. */
  get death(): LiveWorkerError | undefined {
    return this.#death;
  }

  noteDeath(error: LiveWorkerError): void {
    this.#death = error;
  }

  /** A test, or a hook of all tests, begins. */
  forgetMeanwhile(): void {
    this.#restarts = [];
    this.#forcedStops = [];
  }

  /** A test starts it again, with these variables. */
  beginRelaunch(restartEnv: Readonly<Record<string, string | null>>): void {
    this.#death = undefined;
    this.#restartEnv = restartEnv;
  }

  /** What its next launch is to be. */
  launchNext(prepared: PreparedLaunch): void {
    this.#next = prepared;
  }

  /** Begins the next launch; resolves when the worker is ready. @throws the explained failure */
  start(): Promise<void> {
    const next = this.#next;
    if (!next) throw notPrepared(this.spec.name);
    const ready = this.runner.start(next);
    this.#next = undefined;
    return ready;
  }

  #createRunner({
    spec,
    view,
    held,
    holder,
    launchWatch,
    meter,
    timeline,
    reports,
  }: SessionWorkerOptions): WorkerControl {
    const heard = this.#hear(spec, timeline, reports);
    if (spec.attach) return new AttachedRunner({ ...heard, view, held });
    if (holder === 'run') return new LeasedRunner({ ...heard, view });
    if (holder === 'file')
      return new RemoteRunner({
        ...heard,
        view,
        onRestarting: after => {
          this.#restarts = [...this.#restarts, after];
        },
        onRestartFailed: error => reports.onRestartFailed(error, this),
      });
    return new WorkerRunner({
      ...heard,
      logs: view.files,
      launchWatch,
      meter,
      prepareRestart: (after, signal) => {
        this.#restarts = [...this.#restarts, after];
        return reports.prepareRestart(signal, this);
      },
      onRestartFailed: error => reports.onRestartFailed(error, this),
      onChange: () => reports.onChange?.(this),
    });
  }

  #hear(spec: WorkerSpec, timeline: Timeline, reports: SessionReports): RunnerReports {
    return {
      spec,
      timeline,
      look: failure => reports.look(failure, this),
      askStacks: () => reports.askStacks(this),
      explain: (failure, evidence) => reports.explain(failure, evidence, this),
      onDeath: death => reports.onDeath(death, this),
      onForcedStop: forced => {
        this.#forcedStops = [...this.#forcedStops, forced];
        reports.onForcedStop?.(forced, this);
      },
    };
  }
}

function notPrepared(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${worker}" was not prepared`);
}
