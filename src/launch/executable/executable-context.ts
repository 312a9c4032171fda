import type { ExecutableOrigin } from '../plan.ts';

/** Where a program is looked up, and for which worker. */
export interface ExecutableContext {
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

/** Where one rule has looked, and what it found. */
export interface Lookup {
  readonly rule: ExecutableOrigin['rule'];
  readonly tried: readonly string[];
  readonly file?: string | undefined;
}
