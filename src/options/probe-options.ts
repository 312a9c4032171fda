/** A probe as the user writes it, by one of the functions of `jest-environment-live-worker/config`. */
export type ProbeOptions =
  | RabbitmqProbeOptions
  | PostgresProbeOptions
  | HttpProbeOptions
  | TcpProbeOptions
  | FileProbeOptions
  | SocketProbeOptions
  | LogProbeOptions
  | NotifyProbeOptions
  | CommandProbeOptions
  | ModuleProbeOptions;

/** What every probe takes. */
export interface ProbePace {
  /**
   * From the beginning of one attempt to that of the next, in milliseconds. Default: 10 that grow to 250 after five seconds, at
   * once when the worker writes a line; of `command` and `module` 100 that grow to 250, no matter what it writes.
   */
  readonly intervalMs?: number;
}

/** Ready when every queue has `consumers` more consumers than before the worker was spawned. */
export interface RabbitmqProbeOptions extends ProbePace {
  readonly kind: 'rabbitmq';
  /** The queues the worker consumes from; at least one. */
  readonly queues: readonly string[];
  /** New consumers wanted on each queue. Default 1. */
  readonly consumers?: number;
  /** Default: the worker's RABBITMQ_URL, AMQP_URL or CLOUDAMQP_URL. */
  readonly url?: string;
  /** What to do about consumers that were there before. Default `'fail'`, with `share` `'ignore'`. */
  readonly strangers?: 'fail' | 'warn' | 'ignore';
  /** Do not wait for other test files that use these queues. Default false. */
  readonly share?: boolean;
  /** Drop the messages that wait on the queues, before the first start of the worker in a test file. Default false. */
  readonly purge?: boolean;
  /** The broker's management API, asked only to explain a failure. Default: port 15672 of its host, with the same login. */
  readonly managementUrl?: string;
}

/** Ready when the login works and `table` exists, `query` answers a row, the worker's own session is seen: as many of these as are asked. */
export interface PostgresProbeOptions extends ProbePace {
  readonly kind: 'postgres';
  /** Default: the worker's DATABASE_URL, POSTGRES_URL or PG* variables. */
  readonly url?: string;
  /** A table or view that must exist, with or without its schema. */
  readonly table?: string;
  /** A query that must answer at least one row. */
  readonly query?: string;
  /** Wait for the worker's own session in `pg_stat_activity`. Default false. */
  readonly connection?: boolean;
}

/** Ready when a GET of `url` answers with a status that is wanted; what follows the status is not waited for. */
export interface HttpProbeOptions extends ProbePace {
  readonly kind: 'http';
  readonly url: string;
  /** A status, a range such as `'200-399'`, or a list of both. Redirects are followed, five at most, save for those wanted here. Default `'200-299'`. */
  readonly status?: HttpStatus | readonly HttpStatus[];
  /** What to do when another process listens there before the worker is spawned. Default `'fail'`. */
  readonly strangers?: 'fail' | 'warn' | 'ignore';
}

/** 401, or the range `'200-399'`. */
export type HttpStatus = number | string;

/** Ready when `host:port` accepts a connection. */
export interface TcpProbeOptions extends ProbePace {
  readonly kind: 'tcp';
  /** A number, or a string such as `'${HTTP_PORT}'`. */
  readonly port: number | string;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** What to do when another process listens there before the worker is spawned. Default `'fail'`. */
  readonly strangers?: 'fail' | 'warn' | 'ignore';
}

/** Ready when the file exists; the path is from the worker's cwd. */
export interface FileProbeOptions extends ProbePace {
  readonly kind: 'file';
  readonly path: string;
}

/** Ready when the Unix domain socket accepts a connection; the path is from the worker's cwd. */
export interface SocketProbeOptions extends ProbePace {
  readonly kind: 'socket';
  readonly path: string;
}

/** Ready when the worker's own output holds the pattern. A hint, not a proof: many workers say so before they consume. */
export interface LogProbeOptions extends ProbePace {
  readonly kind: 'log';
  /** A string is searched literally. */
  readonly pattern: string | PatternSource;
  /** Default `'both'`. */
  readonly stream?: 'stdout' | 'stderr' | 'both';
}

/** A RegExp that survives JSON. */
export interface PatternSource {
  readonly source: string;
  readonly flags: string;
}

/** Ready when the worker writes a newline to the descriptor whose number is in `LIVE_WORKER_READY_FD`. */
export interface NotifyProbeOptions extends ProbePace {
  readonly kind: 'notify';
}

/** Ready when the command ends with code 0; it runs in the worker's cwd with the worker's environment. */
export interface CommandProbeOptions extends ProbePace {
  readonly kind: 'command';
  readonly command: readonly string[];
  /** How long one attempt may take, in milliseconds. Default 5 000. */
  readonly attemptTimeoutMs?: number;
}

/** Ready when the default export of the module says so; the path is from `rootDir`. */
export interface ModuleProbeOptions extends ProbePace {
  readonly kind: 'module';
  readonly path: string;
  /** JSON handed to the module, beside the worker's own `env` and `cwd`. */
  readonly options?: unknown;
}

type Checked<P> = { readonly [K in keyof Omit<P, keyof ProbePace>]-?: Exclude<P[K], undefined> } & ProbePace;

/** A probe that was checked, with its defaults; what stays optional has no default of its own. */
export type ProbeSpec =
  | (Checked<Omit<RabbitmqProbeOptions, 'url' | 'managementUrl'>> &
      Pick<RabbitmqProbeOptions, 'url' | 'managementUrl'>)
  | (Checked<Pick<PostgresProbeOptions, 'kind' | 'connection'>> &
      Pick<PostgresProbeOptions, 'url' | 'table' | 'query'>)
  | Checked<HttpProbeOptions>
  | Checked<TcpProbeOptions>
  | FileProbeOptions
  | SocketProbeOptions
  | Checked<LogProbeOptions>
  | NotifyProbeOptions
  | Checked<CommandProbeOptions>
  | ModuleProbeOptions;

/** The probes that are about a service, which the worker finds by a URL. */
export type ServiceProbeSpec = ProbeSpecOf<'rabbitmq' | 'postgres'>;

/** The probe spec of one kind. */
export type ProbeSpecOf<K extends ProbeSpec['kind']> = Extract<ProbeSpec, { readonly kind: K }>;
