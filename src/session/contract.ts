import type { LogStream } from '../logs/log-stream.ts';
import type { PatternSource } from '../options/probe-options.ts';
import type { ProcessExit } from '../process/running-worker.ts';
import type { Arrival } from '../service/inbox.ts';
import type {
  CopyOptions,
  PostgresOperations,
  ReceivedNotification,
  TableImage,
} from '../service/postgres/fixtures/database-operations.ts';
import type {
  DeadLetterPlace,
  Declaration,
  MessageDeath,
  PublishOptions,
  PublishTarget,
  QueueDepth,
  RabbitmqOperations,
  ReceivedMessage,
} from '../service/rabbitmq/messages.ts';
import type { ArrivalWait } from '../service/until-arrival.ts';
import type { FlowData, FlowEntry, FlowProof } from '../tap/flow/flow-entry.ts';
import type { CrashPoint, EffectSight, NotedEffect, Reached } from '../worker/crash/crash-report.ts';
import type { WorkerState } from '../worker/worker-state.ts';

/** Where the environment leaves the {@link SessionBridge} on the sandbox's `globalThis`. */
export const bridgeKey: unique symbol = Symbol.for('jest-environment-live-worker.session') as never;

export type {
  Arrival,
  ArrivalWait,
  CopyOptions,
  CrashPoint,
  DeadLetterPlace,
  Declaration,
  EffectSight,
  FlowEntry,
  FlowProof,
  LogStream,
  MessageDeath,
  PostgresOperations,
  ProcessExit as WorkerExit,
  PublishOptions,
  PublishTarget,
  QueueDepth,
  RabbitmqOperations,
  ReceivedMessage,
  ReceivedNotification,
  TableImage,
  WorkerState,
};

export interface QueryResult<Row> {
  readonly rows: Row[];
  readonly rowCount: number;
}

/** What ends a wait; milliseconds. */
export interface WaitOptions {
  /** Default: what is left of the running test's own timeout, less 250 ms. */
  readonly timeoutMs?: number;
}

/** How `settled()` waits. */
export interface SettleOptions extends WaitOptions {
  /** How long nothing may have happened, in milliseconds. Default 100. */
  readonly quietMs?: number;
  /** More queues that are to be empty, of the vhost of the first broker. */
  readonly queues?: readonly string[];
  /** Wait for messages that are to be taken later (`'wait'`), or leave them out of account (`'ignore'`). Default `'wait'`. */
  readonly delayed?: 'wait' | 'ignore';
  /** A message that ends in a dead-letter queue fails it (`'fail'`), or does not (`'ignore'`). Default `'fail'`. */
  readonly deadLetters?: 'fail' | 'ignore';
}

/** An error on its way between realms. */
export interface PackedError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Every answer of the bridge: it never throws and never rejects, because errors of one realm are none in the other. */
export type Packed<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'error'; readonly error: PackedError };

/** The one object the two realms share. What crosses it is plain data, strings and Buffers; `runApart` hands through. */
export interface SessionBridge {
  readonly workers: readonly string[];
  workerState(name: string): Packed<WorkerSnapshot>;
  logText(name: string, stream: LogStream, since: 'start' | 'test'): Packed<string>;
  waitForLog(
    name: string,
    pattern: PatternSource,
    stream: LogStream,
    options: WaitOptions,
  ): Promise<Packed<string>>;
  startWorker(name: string): Promise<Packed<null>>;
  stopWorker(name: string): Promise<Packed<ProcessExit | null>>;
  restartWorker(name: string, env: Readonly<Record<string, string | null>>): Promise<Packed<null>>;
  signalWorker(name: string, signal: string): Promise<Packed<null>>;
  workerStacks(name: string): Promise<Packed<string>>;
  pauseWorker(name: string): Promise<Packed<null>>;
  resumeWorker(name: string): Promise<Packed<null>>;
  /** Answers with the number it is asked for by. */
  armCrash(name: string, point: CrashPoint): Promise<Packed<number>>;
  untilReached(number: number, options: WaitOptions): Promise<Packed<Reached>>;
  recording(operation: keyof CrashPointOperations, words: readonly unknown[]): Promise<Packed<unknown>>;
  /** Answers how many there were. */
  cutConnections(place: FaultPlace): Promise<Packed<number>>;
  /** Answers with the number it is asked for by. */
  loseAnswer(place: FaultPlace, statement: CrashPoint['statement'] | null): Promise<Packed<number>>;
  /** @param kind as the probe is called: `rabbitmq` */
  serviceUrl(kind: string, choice: ServiceChoice): Packed<string>;
  /** Asks the service at `url` for one of the operations of its kind; one that answers nothing answers null. */
  callService(
    kind: string,
    url: string,
    operation: string,
    words: readonly unknown[],
  ): Promise<Packed<unknown>>;
  /** Resolves when the workers have settled. */
  /** The error of a message that ended among dead letters since the test began, and where the test has not looked itself. */
  /** What the workers did since the running test began. */
  flow(): Promise<Packed<FlowData>>;
  lookForDead(): Promise<Packed<null>>;
  untilSettled(options: SettleOptions | undefined): Promise<Packed<null>>;
  /** Milliseconds a wait may take now so that it ends before the running test or hook does. */
  timeLeftMs(): number;
  /** Milliseconds of a clock that fake timers do not touch. */
  now(): number;
  /** Rings after `ms`, untouched by fake timers; it keeps no process alive. With a `scope` also as `pause` does. */
  timer(ms: number, scope?: number): Timer;
  /** Calls `work`, in and after which `stateApart` answers `state`. */
  runApart<T>(state: object, work: () => T): T;
  stateApart<T extends object>(): T | undefined;
  /** Stands for the running test: a wait that begins now is over when the test is. */
  waitScope(): number;
  /**
   * Resolves after `ms`, or at once with the error of a worker that died, or of the test or the file being over; after the
   * file's end never.
   */
  pause(ms: number, scope: number): Promise<Packed<null>>;
}

/** What a worker is noted by, from now on. */
export interface Recording {
  readonly worker: string;
  /** The number of its last step. */
  readonly last: number;
}

export interface EffectStep extends NotedEffect {
  /** The same for the same step of another run: `ack of "orders"`. */
  readonly name: string;
}

/** How far the logs of a worker have come, in characters. */
export interface LogMark {
  readonly stdout: number;
  readonly stderr: number;
}

/** Which connections of workers a fault is for. */
export interface FaultPlace {
  /** As the probe is called: `postgres` */
  readonly kind: string;
  readonly url: string;
  readonly choice: ServiceChoice;
}

/** What `everyCrashPoint` asks about one worker. */
export interface CrashPointOperations {
  begin(worker: string | undefined): Promise<Recording>;
  end(worker: string): Promise<null>;
  stepsAfter(worker: string, last: number): Promise<readonly EffectStep[]>;
  /** Resolves when nothing of the worker is open or waits, and it has stayed so for `quietMs`. */
  untilQuiet(worker: string, wait: { readonly timeoutMs: number; readonly quietMs: number }): Promise<null>;
  markLogs(worker: string): Promise<LogMark>;
  linesSince(worker: string, mark: LogMark): Promise<readonly string[]>;
}

/** A time to wait for at most. */
export interface Timer {
  /** With an error where there is no use in waiting on. */
  readonly over: Promise<Packed<null>>;
  /** Nothing of it is kept, and `over` never resolves any more. */
  stop(): void;
}

export interface WorkerSnapshot {
  readonly state: WorkerState;
  readonly pid: number | undefined;
  readonly exit: ProcessExit | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined for an attached worker whose logs are not known. */
  readonly logFiles: { readonly stdout: string; readonly stderr: string } | undefined;
}

/** Which service a fixture talks to: a URL, or the one a worker uses; by default the first worker of the file that uses one. */
export interface ServiceChoice {
  readonly url?: string;
  readonly worker?: string;
}
