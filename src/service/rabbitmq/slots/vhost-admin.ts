/** A vhost with a name of ours, as the broker lists it. */
export interface ListedVhost {
  readonly name: string;
  readonly description: string;
  readonly connections: number;
}

export interface NewVhost {
  readonly name: string;
  readonly description: string;
  /** Who may do everything in it. */
  readonly users: readonly string[];
  /** Of queues, exchanges, bindings, policies, as the broker exports them for one vhost. */
  readonly definitions: object | undefined;
}

/** A way to make and drop vhosts of a broker. */
export interface VhostAdmin {
  /** @throws VhostRefused */
  create(vhost: NewVhost): Promise<void>;
  drop(name: string): Promise<void>;
  /** Those whose names begin with `lw_`. */
  list(): Promise<readonly ListedVhost[]>;
  /** Resolves when nothing is under way. */
  rest(): Promise<void>;
}

/** What kept a way from being taken, as it stands in a message. */
export class VhostRefused extends Error {}

/** Why a way cannot be taken, and what opens it. */
interface ClosedWay {
  readonly why: string;
  readonly change: string;
}

export type FoundWay = { readonly admin: VhostAdmin } | ClosedWay;
