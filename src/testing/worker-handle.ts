import type { LogStream, WaitOptions, WorkerExit, WorkerState } from '../session/contract.ts';
import type { ArmedCrash } from './crash/crash-handle.ts';
import type { CrashPlace } from './crash/parse-crash-point.ts';

/** What a test holds of one worker. */
export interface WorkerHandle {
  readonly name: string;
  /** The leader's process id, or undefined when it does not run. */
  readonly pid: number | undefined;
  readonly state: WorkerState;
  /** How the last process ended, or undefined while it runs. */
  readonly exit: WorkerExit | undefined;
  /** The environment the worker was launched with, or is about to be, secrets included; known while the test file is loaded. */
  readonly env: Readonly<Record<string, string>>;
  readonly logs: WorkerLogs;
  /** Starts a worker that was stopped or has ended, and resolves when it is ready. */
  start(): Promise<void>;
  /** Asks politely, then kills what is left; resolves when nothing is alive. */
  stop(): Promise<WorkerExit | undefined>;
  /** Stops and starts, and resolves when it is ready again; `env` is laid over its environment for this launch only. */
  restart(options?: { readonly env?: Readonly<Record<string, string | null>> }): Promise<void>;
  /** Sends a signal to the leader. After SIGKILL it resolves when nothing of the worker is alive. Default SIGKILL. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /**
   * Arms a crash, and resolves when it is: at the point nothing of the worker passes its tap any more, and all of it gets SIGKILL. That
   * fails no test; `restart()` starts it again.
   *
   * @throws TAP_NEEDED; WORKER_SHARED; ARGUMENT_INVALID
   */
  crashAt(place: CrashPlace): Promise<ArmedCrash>;
  /**
   * Where the worker's processes are, in the words of their runtimes: Node and the JVM tell and live, anything else needs the
   * option `stacksSignal`. It stands in the log too.
   *
   * @throws STACKS_UNAVAILABLE with the reason of every process
   */
  stacks(): Promise<string>;
  /** Stops the worker's processes in their tracks (SIGSTOP); resolves when they are. */
  pause(): Promise<void>;
  /** Lets them go on (SIGCONT). */
  resume(): Promise<void>;
}

/** What a worker has written. Reading is always up to the last byte it wrote. */
export interface WorkerLogs {
  /** The absolute paths of the log files. */
  readonly files: { readonly stdout: string; readonly stderr: string };
  /** Everything since the worker's first start in this file. With both streams, stdout comes first. */
  text(stream?: LogStream): string;
  /** What was written since the running test began. */
  sinceTestStart(stream?: LogStream): string;
  /** Resolves with the first line that holds the pattern, also one written before the call since the test began. */
  waitFor(pattern: string | RegExp, options?: WaitOptions & { readonly stream?: LogStream }): Promise<string>;
}
