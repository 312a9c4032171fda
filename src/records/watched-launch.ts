import type { FileIdentity } from '../files/file-identity.ts';
import type { ProcessIdentity } from '../process/table/process-entry.ts';

/** What the watchdog knows of one launch. It is told before the spawn, and again whenever there is more to know. */
export interface WatchedLaunch {
  /** The value of LIVE_WORKER_ID. */
  readonly id: string;
  readonly worker: string;
  /** Undefined until the process is there. */
  readonly leader?: ProcessIdentity | undefined;
  readonly logPaths: readonly string[];
  readonly logFiles?: readonly FileIdentity[] | undefined;
  /** The polite signal. */
  readonly signal: NodeJS.Signals;
  /** The leader has had the polite signal and must not get it twice. */
  readonly isAsked: boolean;
  /** The processes it left behind that have had it too. */
  readonly askedHeirs: readonly ProcessIdentity[];
  /** Files and folders that are of no use without it. */
  readonly removes?: readonly string[] | undefined;
  /** Where to write down what had to be ended. */
  readonly recordPath: string;
}

/** One line on the watchdog's stdin, or one word of its command line. */
export type WatchdogMessage = { readonly watch: WatchedLaunch } | { readonly forget: string };

/** One line of what the watchdog writes down: a launch it had to end. */
export interface WatchdogRecord {
  readonly worker: string;
  readonly id: string;
  /** The processes that were alive when Jest was gone. */
  readonly pids: readonly number[];
  /** Those of them, or of their descendants, that outlived SIGKILL. */
  readonly survivors: readonly number[];
}
