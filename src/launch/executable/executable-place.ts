import type { ExecutableOrigin } from '../plan.ts';

/** Where and for whom a program is looked up. */
export interface ExecutablePlace {
  readonly worker: string;
  /** Absolute. */
  readonly cwd: string;
  readonly rootDir: string;
  /** The worker's own. */
  readonly env: Readonly<Record<string, string>>;
  /** The node that runs Jest. */
  readonly jestNode: string;
  readonly platform: NodeJS.Platform;
}

/** One rule's answer: where it looked, and what it found. */
export interface Lookup {
  readonly rule: ExecutableOrigin['rule'];
  readonly tried: readonly string[];
  readonly file?: string | undefined;
}
