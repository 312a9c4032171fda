import type { LiveWorkerErrorCode } from '../errors.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { IsolateSpec } from '../options/isolate-options.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { ProcessIdentity } from '../process/table/process-entry.ts';
import type { RunIdentity } from '../records/run-identity.ts';
import type { GivenSlot } from '../service/file-slots.ts';
import type { ServerWant } from '../service/find-server-wants.ts';
import type { ProvidedServer } from '../service/server-capability.ts';
import type { SlotPlace } from '../service/slot-lease.ts';
import type { TapReading } from '../tap/flow/tap-reading.ts';
import type { TapLeg } from '../tap/launch-tap.ts';
import type { WorkerExit } from '../worker/lifecycle/lifecycle-events.ts';
import type {
  LaunchDifference,
  LaunchNews,
  LeaseSlots,
  WorkerAction,
} from '../worker/runner/worker-lease.ts';

/** Raised by every change of the messages below. A supervisor and a client of different versions do not talk further than `hello`. */
export const protocolVersion = 5;

/** What a client asks. Each is answered, or the end of the connection is the answer. */
export type Request =
  /** The first one of every connection; its answer alone is the same in all versions. */
  | { readonly kind: 'hello'; readonly version: string }
  /** The connection stands for a process or a thread of Jest from now on. */
  | { readonly kind: 'member'; readonly pid: number; readonly hasReporter: boolean }
  | { readonly kind: 'runStarted'; readonly files: number }
  /** Answered when nothing the supervisor held is alive but what it keeps; without that it ends itself then. */
  | { readonly kind: 'runComplete' }
  /** Comes from Jest's reporter, without which a run has no end that can be waited for. */
  | { readonly kind: 'reporter'; readonly session: RunSession }
  /** A supervisor that outlived its run stands for this one from now on. */
  | { readonly kind: 'adopt'; readonly run: RunIdentity }
  /** The connection is the lease: it ends with it. */
  | { readonly kind: 'lease'; readonly order: LeaseOrder }
  /** The servers of the run that one test file uses, until the end of the connection; answered when it is known where they are. */
  | { readonly kind: 'servers'; readonly order: ServersOrder }
  /** Answered when these can be used. */
  | { readonly kind: 'untilServersUp' }
  /** Slots for one test file; they go with the connection. */
  | { readonly kind: 'slots'; readonly order: SlotsOrder }
  /** A person is going to look at them: they stay. */
  | { readonly kind: 'keepSlots' }
  /**
   * The file is over, and its lease: what its workers wrote until now and it is to show, and each exit until now, comes before the
   * answer. An exit after it belongs to the next file, or to the run.
   */
  | { readonly kind: 'finish' }
  /** For a worker of the lease that no other file uses. */
  | { readonly kind: 'act'; readonly worker: string; readonly action: WorkerAction }
  /** Starts such a worker again, with these variables laid over the others. */
  | {
      readonly kind: 'relaunch';
      readonly worker: string;
      readonly env: Readonly<Record<string, string | null>>;
    }
  /** What the tap of a worker of the lease has noted. @see Tap.read */
  | { readonly kind: 'readTap'; readonly worker: string; readonly after: number }
  /** A file with workers of its own wants these turns: workers of the run that have them are stopped when no file uses them. */
  | { readonly kind: 'yieldTurns'; readonly turns: readonly string[] }
  /** Stops what no test file uses: all of a project, or one by its name. */
  | { readonly kind: 'stopWorkers'; readonly rootDir: string; readonly worker?: string }
  | { readonly kind: 'ping' }
  | { readonly kind: 'status' };

/** The answers, by the kind of the request. */
export interface Answers {
  readonly hello:
    | { readonly kind: 'welcome' }
    | { readonly kind: 'otherVersion'; readonly version: string }
    /** It is about to end: wait for the end of the connection, then start another one. */
    | { readonly kind: 'ending' };
  readonly member: { readonly kind: 'done' };
  readonly runStarted: { readonly kind: 'done' };
  readonly runComplete: {
    readonly kind: 'over';
    readonly problems: readonly ReportedError[];
    /** It goes on with the workers it keeps; this connection ends. */
    readonly isKept: boolean;
  };
  readonly adopt: { readonly kind: 'adopted' } | { readonly kind: 'notAdopted' };
  readonly stopWorkers: {
    readonly kind: 'stopped';
    readonly workers: readonly string[];
    /** Those that test files use go on. */
    readonly used: readonly string[];
    readonly problems: readonly ReportedError[];
  };
  readonly reporter: { readonly kind: 'done' };
  readonly finish: { readonly kind: 'done'; readonly problems: readonly ReportedError[] };
  readonly act: { readonly kind: 'done' } | { readonly kind: 'refused'; readonly error: ReportedError };
  /** When it is on its way. */
  readonly relaunch:
    | { readonly kind: 'relaunched'; readonly plan: LaunchPlan }
    | { readonly kind: 'refused'; readonly error: ReportedError };
  /** Null: it has none, or that is gone. */
  readonly readTap: { readonly kind: 'tapReading'; readonly reading: TapReading | null };
  readonly yieldTurns: { readonly kind: 'done' };
  readonly lease:
    | { readonly kind: 'leased'; readonly workers: readonly LeasedLaunch[] }
    | { readonly kind: 'refused'; readonly error: ReportedError };
  readonly servers:
    | { readonly kind: 'provided'; readonly servers: readonly ProvidedServer[] }
    | { readonly kind: 'refused'; readonly error: ReportedError };
  readonly untilServersUp:
    | { readonly kind: 'done' }
    | { readonly kind: 'refused'; readonly error: ReportedError };
  readonly slots:
    | { readonly kind: 'given'; readonly slots: readonly GivenSlot[] }
    | { readonly kind: 'refused'; readonly error: ReportedError };
  readonly keepSlots: { readonly kind: 'done' } | { readonly kind: 'refused'; readonly error: ReportedError };
  readonly ping: { readonly kind: 'pong' };
  readonly status: Status;
}

export type Answer = Answers[keyof Answers];

/** What a supervisor says of itself. */
export interface Status {
  readonly kind: 'status';
  readonly pid: number;
  readonly version: string;
  /** The name of the run. */
  readonly run: string;
  /** Of the test files; undefined until Jest's reporter told. */
  readonly files?: number;
  /** The processes that hold a member connection; one with threads stands here once for each. */
  readonly members: readonly number[];
  readonly workers: readonly SharedWorkerStatus[];
  /** What is left of the time it outlives its run, null for as long as watch mode lasts; undefined while it stands for a run. */
  readonly keptForMs?: number | null;
}

export interface SharedWorkerStatus {
  readonly name: string;
  readonly rootDir: string;
  /** The value of LIVE_WORKER_ID; undefined before it is prepared. */
  readonly id?: string;
  /** The test files that use it now, from rootDir. */
  readonly files: readonly string[];
}

/** What Jest's reporter knows of a run from the start. */
export interface RunSession {
  /** The real path of `globalConfig.rootDir`: runs of one project take over from each other. */
  readonly project: string;
  /** Another run follows in the same process. */
  readonly isWatching: boolean;
  /** Leases are going to come. */
  readonly sharesWorkers: boolean;
}

/** What one test file wants of the workers of the run. */
export interface LeaseOrder {
  readonly rootDir: string;
  /** From rootDir, as it stands in messages. */
  readonly testFile: string;
  /** The folder of its records, absolute: those of its own workers lie there. Undefined for workers that wait for a file. */
  readonly folder?: string;
  /** In the order they were written. */
  readonly workers: readonly WorkerSpec[];
  /** What only this file, or this process of Jest, uses. */
  readonly slots?: LeaseSlots;
  /** The environment Jest was given, and the names in it that only Jest's own child process has. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly setByJest: readonly string[];
  /** `process.execPath` */
  readonly jestNode: string;
  readonly umask: number;
  readonly keepAliveMs: number;
  /** The servers of the run that they use. */
  readonly servers?: readonly ProvidedServer[];
  /** Which files are tests: no worker is made of them. */
  readonly tests: TestPatterns;
}

/** The servers one test file needs. */
export interface ServersOrder {
  readonly rootDir: string;
  /** From rootDir, as it stands in messages. */
  readonly testFile: string;
  readonly wants: readonly ServerWant[];
  /** Test files have places of their own on them. */
  readonly isIsolated: boolean;
  /** The environment Jest was given. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly keepAliveMs: number;
}

/** What one test file wants for itself alone. */
export interface SlotsOrder {
  readonly rootDir: string;
  /** From rootDir, as it stands in messages. */
  readonly testFile: string;
  readonly isolate: IsolateSpec;
  readonly places: readonly SlotPlace[];
  /** All of the file: one that is to come may have the same. */
  readonly workers: readonly WorkerSpec[];
  /** The environment Jest was given. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** `testMatch` and `testRegex` of the project. */
export interface TestPatterns {
  readonly match: readonly string[];
  readonly regex: readonly string[];
}

/** A worker of the run as it is being launched, or was. */
export interface LeasedLaunch {
  readonly name: string;
  readonly plan: LaunchPlan;
  readonly logPaths: { readonly stdout: string; readonly stderr: string };
  /** What its tap stands between. */
  readonly tapLegs?: readonly TapLeg[];
  /** Where the run has another one of that name. */
  readonly differs?: LaunchDifference;
  /** No other file uses it at the same time. */
  readonly isOwn: boolean;
  /** Its records are not those of the file. */
  readonly isApart: boolean;
}

/** What a supervisor says unasked. */
export type Push =
  | LeasePush
  /** It ends, and why: the end of the connection that follows is no accident. */
  | { readonly kind: 'ending'; readonly why: string }
  /** What came over this connection is no message: it is closed. */
  | { readonly kind: 'refused'; readonly why: string };

/** The same, of a lease. */
export type LeasePush =
  /** A worker of the lease is ready. */
  | { readonly kind: 'ready'; readonly worker: string; readonly leader: ProcessIdentity }
  /** It is not going to be. */
  | { readonly kind: 'failed'; readonly worker: string; readonly error: ReportedError }
  /** It is not ready yet. */
  | { readonly kind: 'waiting'; readonly worker: string; readonly why: string }
  | { readonly kind: 'exited'; readonly worker: string; readonly exit: WorkerExit }
  /** Of a worker that no other file uses. */
  | { readonly kind: 'news'; readonly worker: string; readonly news: SentNews }
  /** A line for the terminal. */
  | { readonly kind: 'notice'; readonly text: string }
  /** A line of a worker, for the terminal. */
  | { readonly kind: 'echo'; readonly text: string }
  /** A server that was started for the run is gone. */
  | { readonly kind: 'serverLost'; readonly error: ReportedError }
  /** The workers of the run are no longer alone where they have to be. */
  | { readonly kind: 'turnLost'; readonly error: ReportedError; readonly repeated: ReportedError };

/** The same as {@link LaunchNews}, without what is no data. */
export type SentNews =
  | Exclude<LaunchNews, { kind: 'restartFailed' }>
  | { readonly kind: 'restartFailed'; readonly error: ReportedError };

/** An error on its way from one process to another. */
export interface ReportedError {
  /** Undefined for one that is none of ours. */
  readonly code?: LiveWorkerErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A line from a client: the number comes back with the answer. */
export interface RequestFrame {
  readonly id: number;
  readonly request: Request;
}

/** A line from the supervisor. */
export type SupervisorFrame = { readonly id: number; readonly answer: Answer } | { readonly push: Push };
