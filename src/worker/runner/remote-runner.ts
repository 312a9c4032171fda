import type { StartFailure } from '../../diagnose/evidence.ts';
import type { LogExcess } from '../../diagnose/explain-log-limit.ts';
import type { LiveWorkerError } from '../../errors.ts';
import type { LaunchPlan } from '../../launch/plan.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { timeLimit } from '../../probe/time-limit.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../lifecycle/lifecycle-state.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import { recordAnswers } from '../prepare/record-answers.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';
import { notRunning } from './worker-errors.ts';
import type {
  LaunchNews,
  LeaseControl,
  LeasedWorker,
  RelaunchedWorker,
  WorkerAction,
  WorkerLease,
} from './worker-lease.ts';

export interface RemoteRunnerOptions extends RunnerReports {
  readonly view: LogView;
  /** It is being started again by itself. */
  readonly onRestarting: (after: WorkerExit) => void;
  readonly onRestartFailed: (error: LiveWorkerError) => void;
}

/** A worker of this file alone that another process launches, proves and stops: what is asked of it goes there, and what becomes of it is mirrored here. */
export class RemoteRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  readonly board = new ProbeBoard(recordAnswers((event, fields) => this.#record(event, fields)));
  readonly #options: RemoteRunnerOptions;
  #gone = new AbortController();
  #lease: WorkerLease | undefined;
  #relaunched: RelaunchedWorker | undefined;
  /** Of its last launch. */
  #plan: LaunchPlan | undefined;
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #running: RunningWorker | undefined;
  #exited: Deferred<WorkerExit> | undefined;
  #lastExit: WorkerExit | undefined;
  #flood: LogExcess | undefined;
  /** Its start is waited for. */
  #isAsking = false;
  /** Its holder has proven it; a module of the project has not said yet that it is ready. */
  #isProving = false;

  constructor(options: RemoteRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.view = options.view;
  }

  get logs(): LogFiles {
    return this.view.files;
  }

  get state(): LifecycleState {
    return this.#isAsking && this.#state.kind === 'ready' ? { ...this.#state, kind: 'probing' } : this.#state;
  }

  get prepared(): PreparedLaunch | undefined {
    return this.#prepared;
  }

  get running(): RunningWorker | undefined {
    return this.#running;
  }

  /** True between the death of its leader and the news of that. */
  get isDying(): boolean {
    return this.#running !== undefined && !isAlive(this.#running.leader);
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  get flood(): LogExcess | undefined {
    return this.#flood;
  }

  /** The lease comes before the first launch is prepared. */
  takeLease(lease: WorkerLease): LeasedWorker {
    this.#lease = lease;
    this.#plan ??= this.#leased.plan;
    return this.#leased;
  }

  /** Its logs are open: what becomes of it is mirrored from now on. */
  follow(): void {
    this.#control.follow(news => this.#hear(news));
  }

  /** The next launch, prepared by its holder; undefined before the first one. */
  async relaunch(env: Readonly<Record<string, string | null>>): Promise<RelaunchedWorker | undefined> {
    if (!this.#lease) return undefined;
    this.#gone = new AbortController();
    this.#lastExit = undefined;
    const relaunched = await this.#control.relaunch(env);
    this.#relaunched = relaunched;
    this.#plan = relaunched.plan;
    return relaunched;
  }

  whyNotReady(): string {
    return this.#isProving ? '' : (this.#lease?.workers.get(this.spec.name)?.whyNotReady() ?? '');
  }

  async untilHeard(): Promise<void> {
    await this.#lease?.untilHeard();
  }

  async start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#isAsking = true;
    try {
      const leader = await (this.#relaunched ?? this.#leased).ready;
      if (this.#leased.isApart) this.#recordLease(prepared.plan.id, leader.pid);
      this.#isProving = true;
      await this.#untilProvenHere(prepared);
    } finally {
      this.#isProving = false;
      this.#isAsking = false;
    }
  }

  async stop(): Promise<void> {
    await this.#act({ kind: 'stop' });
  }

  async kill(): Promise<void> {
    await this.#act({ kind: 'kill' });
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    await this.#act({ kind: 'signal', signal });
  }

  async pause(): Promise<void> {
    await this.#act({ kind: 'pause' });
  }

  async resume(): Promise<void> {
    await this.#act({ kind: 'resume' });
  }

  /** With the lease its holder has stopped it. */
  async #act(action: WorkerAction): Promise<void> {
    if (this.#lease && !this.#lease.isEnded) await this.#control.act(action);
  }

  /** Modules are asked in the process that has the tests. @throws the explained failure */
  async #untilProvenHere(prepared: PreparedLaunch): Promise<void> {
    const limit = timeLimit(this.spec.startTimeoutMs, this.#gone.signal);
    const notified = Promise.resolve();
    const outcome = await prepared.gate({ notified }, this.board, limit.signal).finally(limit.stop);
    if (this.#lastExit) throw this.#explain({ kind: 'exited', exit: this.#lastExit });
    if (outcome.kind === 'ready') return;
    if (outcome.kind === 'fatal')
      throw this.#explain({ kind: 'probe-fatal', probe: outcome.probe.description, why: outcome.why });
    throw this.#explain({ kind: 'timeout' });
  }

  #hear(news: LaunchNews): void {
    const { onDeath, onForcedStop, onRestarting, onRestartFailed } = this.#options;
    switch (news.kind) {
      case 'state':
        this.#mirror(news);
        return;
      case 'died':
        this.#lastExit = news.death.exit;
        this.#gone.abort();
        if (!this.#isAsking) onDeath(news.death);
        return;
      case 'forced':
        onForcedStop(news.forced);
        return;
      case 'restarting':
        onRestarting(news.after);
        return;
      case 'restarted':
        this.#plan = news.plan;
        if (this.#prepared) this.#prepared = { ...this.#prepared, plan: news.plan };
        return;
      case 'restartFailed':
        onRestartFailed(news.error);
        return;
      default:
        news satisfies never;
    }
  }

  #mirror({ state, leader, exit, flood }: Extract<LaunchNews, { kind: 'state' }>): void {
    this.#state = state;
    this.#lastExit = exit;
    this.#flood = flood;
    if (leader?.pid !== this.#running?.leader.pid) this.#running = leader && this.#runningAs(leader);
    if (exit) this.#exited?.resolve(exit);
  }

  #runningAs(leader: RunningWorker['leader']): RunningWorker | undefined {
    this.#exited = deferred();
    const plan = this.#plan ?? this.#leased.plan;
    return { plan, logs: this.logs, leader, exited: this.#exited.promise, notified: Promise.resolve() };
  }

  get #leased(): LeasedWorker {
    const worker = this.#lease?.workers.get(this.spec.name);
    if (!worker) throw new TypeError(`There is no lease of worker "${this.spec.name}"`);
    return worker;
  }

  get #control(): LeaseControl {
    const { control } = this.#leased;
    if (!control) throw notRunning(this.spec.name);
    return control;
  }

  #explain(failure: StartFailure): LiveWorkerError {
    const { look, explain } = this.#options;
    return explain(failure, look(failure));
  }

  /** For a reader of the record of the file. */
  #recordLease(id: string, pid: number): void {
    const { stdout, stderr } = this.logs;
    this.#record('worker.leased', { pid, id, logs: { stdout: stdout.path, stderr: stderr.path } });
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }
}
