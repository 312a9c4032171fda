import { types } from 'node:util';
import type {
  CommandProbeOptions,
  FileProbeOptions,
  HttpProbeOptions,
  LogProbeOptions,
  ModuleProbeOptions,
  NotifyProbeOptions,
  PostgresProbeOptions,
  ProbePace,
  RabbitmqProbeOptions,
  SocketProbeOptions,
  TcpProbeOptions,
} from './probe-options.ts';
import { requireOptionsObject } from './require-options-object.ts';

/** Ready when every queue has `consumers` (default 1) more consumers than before the worker was spawned. */
export function rabbitmq(options: Omit<RabbitmqProbeOptions, 'kind'>): RabbitmqProbeOptions {
  return { kind: 'rabbitmq', ...requireOptionsObject(options, "rabbitmq({ queues: ['name'] })") };
}

/** Ready when the login works and `table` exists, `query` answers a row, the worker's own `connection` is seen: as many of these as are asked. */
export function postgres(options: Omit<PostgresProbeOptions, 'kind'> = {}): PostgresProbeOptions {
  return { kind: 'postgres', ...requireOptionsObject(options, "postgres({ table: 'name' })") };
}

/** Ready when a GET of `url` answers with `status` (default 2xx), body or not; `${HTTP_PORT}` is the worker's own variable. */
export function http(options: Omit<HttpProbeOptions, 'kind'>): HttpProbeOptions {
  return { kind: 'http', ...requireOptionsObject(options, "http({ url: 'http://127.0.0.1:3000/' })") };
}

/** Ready when `host` (default `127.0.0.1`) accepts a connection on `port`, a number or a string such as `'${HTTP_PORT}'`. */
export function tcp(options: Omit<TcpProbeOptions, 'kind'>): TcpProbeOptions {
  return { kind: 'tcp', ...requireOptionsObject(options, 'tcp({ port: 3000 })') };
}

/** Ready when the file exists; the path is from the worker's cwd. */
export function file(path: string, pace: ProbePace = {}): FileProbeOptions {
  return { kind: 'file', path, ...pace };
}

/** Ready when the Unix domain socket accepts a connection; the path is from the worker's cwd. */
export function socket(path: string, pace: ProbePace = {}): SocketProbeOptions {
  return { kind: 'socket', path, ...pace };
}

/** Ready when the worker's own output holds `pattern`; a string is searched literally, a RegExp is turned into JSON. */
export function log(
  options: Omit<LogProbeOptions, 'kind' | 'pattern'> & {
    readonly pattern: LogProbeOptions['pattern'] | RegExp;
  },
): LogProbeOptions {
  const { pattern } = requireOptionsObject(options, "log({ pattern: 'ready' })");
  if (!types.isRegExp(pattern)) return { kind: 'log', ...options, pattern };
  return { kind: 'log', ...options, pattern: { source: pattern.source, flags: pattern.flags } };
}

/** Ready when the worker writes a newline to the descriptor whose number is in `LIVE_WORKER_READY_FD`. */
export function notify(pace: ProbePace = {}): NotifyProbeOptions {
  return { kind: 'notify', ...pace };
}

/** Ready when the command ends with code 0; one attempt may take `attemptTimeoutMs` milliseconds (default 5 000). */
export function command(
  words: CommandProbeOptions['command'],
  options: Pick<CommandProbeOptions, 'attemptTimeoutMs' | 'intervalMs'> = {},
): CommandProbeOptions {
  return { kind: 'command', command: words, ...options };
}

/**
 * Ready when the default export of the module says so; the path is from `rootDir`, the options are JSON handed to it beside the
 * worker's `env` and `cwd`.
 *
 * @example
 * // In a CommonJS file the name `module` is taken.
 * const { module: moduleProbe } = require('jest-environment-live-worker/config');
 */
export function moduleProbe(path: string, options?: unknown, pace: ProbePace = {}): ModuleProbeOptions {
  return { kind: 'module', path, ...(options === undefined ? {} : { options }), ...pace };
}
