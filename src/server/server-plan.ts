/** A program as one server needs it. */
export interface ServerCommand {
  /** Of its logs and its records: `initdb`. */
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

/** A process of a server, which lives as long as the server. */
export interface ServerProcess extends ServerCommand {
  /** The polite signal, and how long it is given, in milliseconds; what lives on then is killed. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
  /** The next process starts once this one listens here; undefined where another process listens for it. */
  readonly port?: number;
}

/** How one server is started: all that is made, in this order, and unmade in the other one. */
export interface ServerPlan {
  /** Where its data are, made with mode 0700 and removed at the end. */
  readonly folder: string;
  /** By their names in the folder, with mode 0600. */
  readonly files: Readonly<Record<string, string>>;
  /** Whose the folder and all processes are; undefined: the user who starts them. */
  readonly user?: ServerUser | undefined;
  readonly prepare: readonly ServerCommand[];
  readonly processes: readonly ServerProcess[];
  /** Ends what no signal reaches, as a container is. */
  readonly removal?: ServerCommand;
}

export interface ServerUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** A server that is not started yet. */
export interface PlannedServer {
  readonly plan: ServerPlan;
  /** With login, without a place on it: `amqp://live_worker:secret@127.0.0.1:23456`. */
  readonly url: string;
  readonly port: number;
  /** Those it has from the start, beside the one that every server has. */
  readonly places: readonly string[];
  /** `binaries in /usr/lib/postgresql/15/bin`, `container of rabbitmq:4-alpine` */
  readonly source: string;
  /** What may stand in no message. */
  readonly secrets: readonly string[];
  /** Of its management API, where it has one. */
  readonly managementUrl?: string;
  /** With which commands of it work. */
  readonly commandEnvironment?: Readonly<Record<string, string>>;
  /** How long it may take to answer, in milliseconds. */
  readonly startLimitMs: number;
}

/** Why it cannot be had in this way on this machine. */
export interface UnavailableServer {
  readonly unavailable: string;
}

export function unavailable(why: string): UnavailableServer {
  return { unavailable: why };
}
