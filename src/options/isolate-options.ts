/** What each test file gets for itself alone; `true` stands for `{}`. */
export interface IsolateOptions {
  /** How the databases are made; `false`: test files share the one in the URL, as without `isolate`. */
  readonly postgres?: IsolatePostgresOptions | false;
  /** How the vhosts are made; `false`: test files share the one in the URL and take turns on its queues. */
  readonly rabbitmq?: IsolateRabbitmqOptions | false;
  /** Variables for programs that are not configured by a URL: `${slot.database}` and `${slot.vhost}` are filled in. */
  readonly env?: Readonly<Record<string, string>>;
  /** More variables of the workers that `process.env` of the test files gets, such as a port. */
  readonly testEnv?: readonly string[];
  /**
   * How many slots to have ready for the files that are still to come, with their workers launched: a number, or `'auto'` for as many
   * as hide the time they take to start, four at most. 0: each file waits for its own. Default `'auto'`.
   */
  readonly spare?: 'auto' | number;
  /** Keep database and vhost of a test file that failed, and print their URLs. Default false. */
  readonly keepFailed?: boolean;
}

export interface IsolatePostgresOptions {
  /**
   * A command, from `rootDir`, that makes tables in an empty database: it runs once, and what it made is copied for every test file
   * until one of `inputs` changes. Default: the database in the URL is copied, as it was when the run began.
   */
  readonly prepare?: readonly string[];
  /** The files `prepare` reads, as globs from `rootDir`. Needed beside it. */
  readonly inputs?: readonly string[];
}

export interface IsolateRabbitmqOptions {
  /** A file of definitions, from `rootDir`, that is imported into each vhost. */
  readonly definitions?: string;
  /** The broker's management API. Default: port 15672 of its host, with the same login. */
  readonly managementUrl?: string;
}

/** The {@link IsolateOptions} with every default filled in. */
export interface IsolateSpec {
  readonly postgres: IsolatePostgresOptions | false;
  readonly rabbitmq: IsolateRabbitmqOptions | false;
  readonly env: Readonly<Record<string, string>>;
  readonly testEnv: readonly string[];
  readonly spare: 'auto' | number;
  readonly keepFailed: boolean;
}
