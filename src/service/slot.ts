import type { PidSpace } from '../process/table/pid-space.ts';

/** How a kind of service gives a test file a place of its own: Postgres a database, RabbitMQ a vhost. */
export interface SlotCapability {
  /** `${slot.database}` in `isolate.env` */
  readonly placeName: string;
  /**
   * The same text for every URL that leads to the same place, whoever logs in: `localhost:5432/app`.
   *
   * @throws UnusableUrl
   */
  placeOf(url: string, surroundings: SlotSurroundings): string;
  /** A text that is a URL of this place, with the slot of that name in it; undefined for every other text. */
  moveUrl(text: string, move: SlotMove, surroundings: SlotSurroundings): string | undefined;
  /** The variables that say the same without being URLs. */
  moveVariables?(move: SlotMove, surroundings: SlotSurroundings): Readonly<Record<string, string>>;
  /** Connects to nothing yet. */
  openServer(context: SlotServerContext): SlotServer;
}

/** A place that is shared, and the slot that takes its place. */
export interface SlotMove {
  readonly place: string;
  readonly name: string;
}

/** Where the URL of a worker gets from what it does not say itself. */
export interface SlotSurroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What relative paths count from. */
  readonly cwd: string;
}

/** One server as the slots of a run are made on it. */
export interface SlotServer {
  /** Makes a place of that name for those who use `urls`. @throws SLOT_UNAVAILABLE, PREPARE_FAILED */
  create(name: string, order: SlotPlaceOrder): Promise<void>;
  /** Nothing happens to one that is not there. */
  drop(name: string): Promise<void>;
  /** Says there that nobody is to drop it but a person. */
  keep(name: string): Promise<void>;
  /** Drops what runs that are dead left. Never touches what is not provably ours, and of nobody alive. */
  sweep(): Promise<void>;
  /** Drops what is there for all slots, and lets go of the server. Never throws. */
  close(): Promise<void>;
}

/** What one test file wants on one server. */
export interface SlotPlaceOrder {
  /** URLs of the same place: users may differ. The first one makes the slot. */
  readonly urls: readonly string[];
  /** The connections its workers and its tests need at least. */
  readonly connections: number;
  /** The environment and the folder of a worker that uses it. */
  readonly surroundings: SlotSurroundings;
  /** `isolate.env` */
  readonly env: Readonly<Record<string, string>>;
  /** A line for the terminal of who waits. */
  notice(text: string): void;
}

export interface SlotServerContext {
  readonly url: string;
  /** `isolate.postgres`, `isolate.rabbitmq` */
  readonly options: unknown;
  readonly rootDir: string;
  /** The environment Jest was started with. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly owner: SlotOwner;
  /** Aborted when the run is over: what is being made for it ends. */
  readonly stopping: AbortSignal;
  /** A name that no slot had before. */
  nextName(): string;
}

/** Whose slots they are: the process that made them, for one run. Written into each. */
export interface SlotOwner {
  /** 12 hexadecimal digits, random. */
  readonly hex: string;
  readonly host: string;
  readonly space: PidSpace;
  readonly pid: number;
  readonly startTime: number;
}
