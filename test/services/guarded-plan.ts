export interface GuardedCommand {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

export interface GuardedServer extends GuardedCommand {
  readonly stopSignal: NodeJS.Signals;
  /** The next server starts once this one listens here. */
  readonly port: number;
}

/** What the guardian makes, in this order, and unmakes in the other one. */
export interface GuardedPlan {
  readonly folder: string;
  readonly files: Readonly<Record<string, string>>;
  /** Owns the folder and runs all but the closing commands; without it, the user who runs the guardian. */
  readonly user?: GuardedUser;
  readonly prepare: readonly GuardedCommand[];
  readonly servers: readonly GuardedServer[];
  readonly closing: readonly GuardedCommand[];
}

export interface GuardedUser {
  readonly uid: number;
  readonly gid: number;
}

export type GuardianMessage =
  | { readonly kind: 'started' }
  | { readonly kind: 'failed'; readonly why: string };
