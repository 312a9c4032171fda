import type { LiveWorkerError } from '../../errors.ts';
import type { EchoTerminal } from '../../logs/echo-logs.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import type { TapReading } from '../../tap/flow/tap-reading.ts';
import type { WorkerExit } from '../../worker/lifecycle/lifecycle-events.ts';
import type { LaunchNews, RelaunchedWorker, WorkerAction } from '../../worker/runner/worker-lease.ts';
import type { LeasedLaunch, LeaseOrder, RunSession, SharedWorkerStatus } from '../protocol.ts';

/** What a supervisor holds for its run, and how it lets go of it. */
export interface Holdings {
  /** Loads what the first lease needs; whether that is there, the lease tells. */
  preload(): void;
  /**
   * What the order asks for, started where it does not run; `user` stands for the test file until it is taken back. Undefined: for a
   * file that is still to come.
   *
   * @throws the codes of a launch
   */
  lease(
    order: LeaseOrder,
    user: object | undefined,
    session: RunSession | undefined,
  ): Promise<readonly HeldLaunch[]>;
  /**
   * The file is over: resolves when the workers that no other file may use are stopped, with what went wrong; `isBehind`: when all of
   * them was heard of, the rest is told at the end of the run. Never throws.
   */
  finishLease(user: object, end: { readonly isBehind: boolean }): Promise<readonly unknown[]>;
  /** The file is gone: those are ended, and not waited for. */
  endLease(user: object): void;
  /** Resolves when no worker uses these slots any more. Never throws. */
  clearSlots(names: readonly string[]): Promise<void>;
  /** Stops what has one of these turns, as soon as no test file uses it. */
  yieldTurns(turns: readonly string[]): Promise<void>;
  /** The run is over: stops what is not to outlive it. */
  rest(session: RunSession | undefined): Promise<Rest>;
  /** What outlived its run belongs to this one. */
  beginRun(run: RunIdentity): void;
  /** Stops what no test file uses: all of a project, or one by its name. */
  stopUnused(rootDir: string, worker: string | undefined): Promise<StoppedWorkers>;
  list(): readonly SharedWorkerStatus[];
  /** Resolves when nothing of it is alive, with what went wrong. */
  stop(order: StopOrder): Promise<readonly unknown[]>;
}

/** What is left after a run. */
export interface Rest {
  readonly problems: readonly unknown[];
  /** How long it is to outlive the run, in milliseconds; undefined where there is nothing left. */
  readonly keepForMs: number | undefined;
}

export interface StoppedWorkers {
  readonly workers: readonly string[];
  /** Those that test files use go on. */
  readonly used: readonly string[];
  readonly problems: readonly unknown[];
}

export type StopOrder =
  /** Each worker has the grace of its own options. */
  | { readonly kind: 'orderly' }
  /** The run was killed: no test waits for a worker any more. */
  | { readonly kind: 'soon'; readonly graceMs: number };

/** A worker of a lease, and what becomes of it. */
export interface HeldLaunch {
  readonly launch: LeasedLaunch;
  readonly ready: Promise<ProcessIdentity>;
  /** What it waits for until then. */
  whyNotReady(): string;
  onExit(listener: (exit: WorkerExit) => void): { stop(): void };
  /** It is no longer alone on a queue. */
  onLost(listener: (loss: TurnLoss) => void): { stop(): void };
  /** Where no other file uses it at the same time. */
  readonly control?: LaunchControl;
  /** What its tap has noted; null where it has none. */
  readTap(after: number): Promise<TapReading | null>;
  /** Where the file wants to see what it writes. */
  readonly echoTo?: (terminal: EchoTerminal) => LaunchEcho;
}

/** What a file that hears of it fails by, and what is said where that was told already. */
export interface TurnLoss {
  readonly error: LiveWorkerError;
  readonly repeated: LiveWorkerError;
}

/** What one test file has done to a worker of its own. */
export interface LaunchControl {
  /** @throws STOP_FAILED, WORKER_NOT_RUNNING */
  act(action: WorkerAction): Promise<void>;
  /** Resolves when its next launch is on its way. @throws the codes of a launch */
  relaunch(env: Readonly<Record<string, string | null>>): Promise<RelaunchedWorker>;
  onNews(listener: (news: LaunchNews) => void): { stop(): void };
}

/** What one test file shows of a worker. */
export interface LaunchEcho {
  /** The file is over: what was written until now is still shown. */
  finish(): void;
  /** It is gone. */
  stop(): void;
}
