import type { LiveWorkerError } from '../errors.ts';
import type { ServerWant } from './find-server-wants.ts';
import type { ProvidedServer } from './server-capability.ts';

export interface ServerRequest {
  readonly rootDir: string;
  readonly testFile: string;
  readonly wants: readonly ServerWant[];
  /** The test file has places of its own on them. */
  readonly isIsolated: boolean;
}

/** The servers of the run one test file uses, until its end. */
export interface ServerLease {
  /** Those that stand for others; what was found is where the workers' variables say. */
  readonly servers: readonly ProvidedServer[];
  /** Resolves when they can be used. @throws SERVER_UNAVAILABLE, SUPERVISOR_LOST */
  untilUp(): Promise<void>;
  /** One of them is gone, or who holds them. */
  readonly lost: Promise<LiveWorkerError>;
  end(): void;
}
