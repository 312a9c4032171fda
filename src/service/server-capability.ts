import type { SlotSurroundings } from './slot.ts';

/** A server of the run, as who uses it is told of it: it stands for all servers of its kind that workers name. */
export interface ProvidedServer {
  readonly kind: string;
  /** With login, without a place on it. */
  readonly url: string;
  /** Those it stands for: `db.example.com:5432`. */
  readonly servers: readonly string[];
}

/** A place on it that is to be there: a database, a vhost. */
export interface ServerPlace {
  /** Of the server, without a place. */
  readonly url: string;
  readonly name: string;
  readonly managementUrl?: string | undefined;
  readonly commandEnvironment?: Readonly<Record<string, string>> | undefined;
}

/** How a kind of service is led from the servers that workers name to another one. */
export interface ServerCapability {
  /** Of a worker that names none: the first that probes read. */
  readonly variable: string;
  /** The URL of a server that is not there, for a launch that is planned before there is one. */
  readonly plannedUrl: string;
  /** What every server has: where one is asked whether it answers. */
  readonly homePlace: string;
  /** What a worker that names no server gets. */
  readonly standardPlace: string;
  /** True for a text that looks like the URL of such a server. */
  isUrl(text: string): boolean;
  /** The server a URL leads to and the place on it, decoded. @throws UnusableUrl */
  read(url: string, surroundings: SlotSurroundings): { readonly server: string; readonly place: string };
  /** The URL of a place on a server. */
  urlOf(server: string, place: string): string;
  /** A URL that leads to the same place on another server, as that one's user; what TLS needs is left out. */
  leadUrl(url: string, server: string, surroundings: SlotSurroundings): string;
  /** The variables that say the same without being URLs; null unsets. */
  leadVariables?(
    provided: ProvidedServer,
    surroundings: SlotSurroundings,
  ): Readonly<Record<string, string | null>>;
  /** Logs in; undefined when that worked, else what was answered. Never throws. */
  refusal(url: string, surroundings: SlotSurroundings): Promise<string | undefined>;
  /** Nothing happens to one that is there. @throws an Error that says why not */
  makePlace(place: ServerPlace): Promise<void>;
}
