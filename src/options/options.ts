import type { IsolateOptions, IsolateSpec } from './isolate-options.ts';
import type { ProbeOptions, ProbeSpec } from './probe-options.ts';
import type { ServicesOptions } from './services-options.ts';
import type { TapIgnoreOptions, TapOptions } from './tap-options.ts';

/** What `defineLiveWorkers` takes. Everything in it is JSON: functions and RegExps do not survive Jest's worker processes. */
export interface LiveWorkersOptions {
  /** The workers by name; a name is 1 to 64 letters, digits, `.`, `_`, `-` and starts with a letter or digit. */
  readonly workers: Readonly<Record<string, WorkerOptions>>;
  /** Where the tests wait: before the first test or hook (`'tests'`), or before the test file is loaded (`'setup'`). Default `'tests'`. */
  readonly gate?: 'tests' | 'setup';
  /** The deadline of every worker that sets none of its own, in milliseconds. Default 30 000. */
  readonly startTimeoutMs?: number;
  /**
   * How long the workers whose scope is the run outlive it, in milliseconds: the next run takes them over where nothing changed.
   * Ignored where `CI` is set. Default 0.
   */
  readonly keepAliveMs?: number;
  /**
   * Each test file that has workers gets a database and a vhost of its own, so that files run in parallel without turns and leave
   * nothing to each other; which needs the reporter. Default false.
   */
  readonly isolate?: boolean | IsolateOptions;
  /**
   * Where the servers come from that the workers use: `'found'` where their variables say (the default), `'private'` started for the run
   * from binaries of this machine or project, `'docker'` in a container, `'auto'` the first of these that works; which needs the reporter.
   */
  readonly services?: ServicesOptions;
  /** The `tap` of every worker that says nothing of its own. Default false. */
  readonly tap?: boolean | TapOptions;
  /** The `coverage` of every worker that says nothing of its own. Default false. */
  readonly coverage?: boolean;
  /** The `otel` of every worker that says nothing of its own. Default false. */
  readonly otel?: boolean;
}

/** How one worker is launched, when it is ready, and how it ends. */
export interface WorkerOptions {
  /** The program and its arguments, one string each. A single string only with `shell: true`. `${NAME}` is the worker's own variable. */
  readonly command: readonly string[] | string;
  /** Run the command through `/bin/sh -c`. Default false. */
  readonly shell?: boolean;
  /** The working directory, from Jest's `rootDir`. Default: `rootDir`. */
  readonly cwd?: string;
  /** Env files, from `cwd`; later ones win, and all win over what Jest inherited. */
  readonly envFile?: string | readonly string[];
  /** Variables set for this worker, over the env files; `null` unsets one. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Which of Jest's own variables the worker inherits. Default `'all'`. */
  readonly inherit?: 'all' | 'none' | readonly string[];
  /** Variables that must be set and not empty, or the launch is refused. */
  readonly requireEnv?: readonly string[];
  /** Variables that each receive a free TCP port. */
  readonly ports?: readonly string[];
  /** Workers that must be ready before this one is spawned. */
  readonly after?: readonly string[];
  /** `'pipe'` for a program that ends when its standard input does: it is kept open while the worker lives. Default `'ignore'`: it is empty. */
  readonly stdin?: 'ignore' | 'pipe';
  /** What proves that the worker is ready; `[]` means that spawned is enough. */
  readonly ready: readonly ProbeOptions[];
  /** From spawn to ready, in milliseconds. Default 30 000. */
  readonly startTimeoutMs?: number;
  /** How it is stopped: `signal` once to the leader (default SIGTERM), SIGKILL to what is left after `graceMs` (default 10 000). */
  readonly stop?: StopOptions;
  /** A signal that it answers with its stacks, and lives; for a runtime that has no way of its own. */
  readonly stacksSignal?: string;
  /** What follows when it exits unasked after it was ready: the running test fails, it is started again, or nothing. Default `'fail'`. */
  readonly onExit?: 'fail' | 'restart' | 'ignore';
  /** With `onExit: 'restart'`: how often within what time it is started again before an exit fails the test. Default 3 within 10 000 ms. */
  readonly restartLimit?: RestartLimitOptions;
  /**
   * How long one worker lives: each test file has its own (`'file'`), or all files of the run that would launch the very same
   * share one (`'run'`), which needs the reporter. Default `'file'`.
   */
  readonly scope?: 'file' | 'run';
  /**
   * The files it is made of, as globs from `cwd`: where one has changed, the next run starts it anew. Default: all that git lists,
   * without Jest's own test files.
   */
  readonly watch?: readonly string[];
  /**
   * With `scope: 'run'`, where the worker died: what it left on the queues of its probes fails the next file, is dropped, or is taken
   * by the fresh worker. Default `'fail'`.
   */
  readonly leftover?: 'fail' | 'purge' | 'ignore';
  /**
   * Stand between it and the RabbitMQ and Postgres its variables name, and see what passes: its own consumers prove it, failing
   * tests name the messages it has not acknowledged. Default false.
   */
  readonly tap?: boolean | TapOptions;
  /**
   * With `jest --coverage`: what it ran of its own code counts in the coverage of the run, for Node and for Python with coverage.py.
   * Default false.
   */
  readonly coverage?: boolean;
  /**
   * Receive the spans of its OpenTelemetry SDK: what it did for which test stands in the report, and messages that tests publish carry
   * a `traceparent`. Default false.
   */
  readonly otel?: boolean;
  /** Copy its output to the console, each line behind the worker's name. Default false. */
  readonly echo?: boolean;
  /** Start nothing: use the one that `live-worker run` holds in another terminal, or that runs elsewhere. Default false. */
  readonly attach?: boolean;
  /** End it when both its logs together have grown by more since it was started, in bytes; looked at every 250 ms. Default 1 GiB. */
  readonly maxLogBytes?: number;
}

export interface StopOptions {
  readonly signal?: string;
  readonly graceMs?: number;
}

export interface RestartLimitOptions {
  readonly count?: number;
  readonly withinMs?: number;
}

export type RestartLimit = Required<RestartLimitOptions>;

/** A {@link LiveWorkersOptions} that was checked, with every default filled in. */
export interface LiveWorkersSpec {
  readonly gate: 'tests' | 'setup';
  readonly keepAliveMs: number;
  /** Undefined: test files share what the URLs name. */
  readonly isolate?: IsolateSpec | undefined;
  readonly services: ServicesOptions;
  /** In the order they were written. */
  readonly workers: readonly WorkerSpec[];
}

/** One worker as it was asked for: checked, complete, and not yet looked up on this machine. */
export interface WorkerSpec {
  readonly name: string;
  /** The argv; with `shell` exactly one element, the script. */
  readonly command: readonly string[];
  readonly shell: boolean;
  readonly cwd: string;
  readonly envFiles: readonly string[];
  readonly env: Readonly<Record<string, string | null>>;
  readonly inherit: 'all' | 'none' | readonly string[];
  readonly requireEnv: readonly string[];
  readonly ports: readonly string[];
  readonly after: readonly string[];
  readonly stdin: 'ignore' | 'pipe';
  readonly ready: readonly ProbeSpec[];
  readonly startTimeoutMs: number;
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  readonly onExit: 'fail' | 'restart' | 'ignore';
  /** Of `live-worker run`, where an end is told with every `onExit`. */
  readonly mayWatch?: boolean;
  readonly restartLimit: RestartLimit;
  readonly scope: 'file' | 'run';
  /** Undefined: what git lists. */
  readonly watch?: readonly string[];
  readonly leftover: 'fail' | 'purge' | 'ignore';
  readonly tap: boolean;
  /** What its tap is to leave out of account. */
  readonly tapIgnore?: TapIgnoreOptions;
  /** Without `jest --coverage` nothing comes of it. */
  readonly coverage: boolean;
  readonly otel: boolean;
  readonly echo: boolean;
  readonly stacksSignal: NodeJS.Signals | null;
  readonly attach: boolean;
  readonly maxLogBytes: number;
}
