import type { EchoTerminal } from '../../logs/echo-logs.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import type { TapReading } from '../../tap/flow/tap-reading.ts';
import type { WorkerExit } from '../../worker/lifecycle/lifecycle-events.ts';
import type { LeasedLaunch, LeaseOrder, RunSession, SharedWorkerStatus } from '../protocol.ts';

/** What a supervisor holds for its run, and how it lets go of it. */
export interface Holdings {
  /** Loads what the first lease needs; whether that is there, the lease tells. */
  preload(): void;
  /**
   * What the order asks for, started where it does not run; `user` stands for the test file until it is taken back.
   *
   * @throws the codes of a launch
   */
  lease(order: LeaseOrder, user: object, session: RunSession | undefined): Promise<readonly HeldLaunch[]>;
  endLease(user: object): void;
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
  /** What its tap has noted; null where it has none. */
  readTap(after: number): Promise<TapReading | null>;
  /** Where the file wants to see what it writes. */
  readonly echoTo?: (terminal: EchoTerminal) => LaunchEcho;
}

/** What one test file shows of a worker. */
export interface LaunchEcho {
  /** The file is over: what was written until now is still shown. */
  finish(): void;
  /** It is gone. */
  stop(): void;
}
