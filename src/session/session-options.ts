import type { LiveWorkersSpec } from '../options/options.ts';
import type { ServerLease, ServerRequest } from '../service/server-lease.ts';
import type { ServiceKinds } from '../service/service-kinds.ts';
import type { SlotLease, SlotRequest } from '../service/slot-lease.ts';
import type { CoverageMeter } from '../worker/coverage/coverage-meter.ts';
import type { LeaseRequest, WorkerLease } from '../worker/runner/worker-lease.ts';

/** A test file, and how it gets what its workers need. */
export interface SessionOptions {
  readonly spec: LiveWorkersSpec;
  /** The workers of the configuration, those this file does not use included. */
  readonly defined: readonly string[];
  readonly rootDir: string;
  readonly testPath: string;
  /** Default: every one there is. */
  readonly serviceKinds?: ServiceKinds;
  /** Leases those of its workers that the supervisor holds. */
  readonly openLease?: (request: LeaseRequest) => Promise<WorkerLease>;
  /** Starts what `services` asks for. */
  readonly openServers?: (request: ServerRequest) => Promise<ServerLease>;
  /** Makes what the file is to have for itself alone, by `isolate`. */
  readonly openSlots?: (request: SlotRequest) => Promise<SlotLease>;
  /** `process.env` of the test file. */
  readonly testEnv?: () => Record<string, string | undefined>;
  /** Those of `setupFiles`, which run before this session is opened. */
  readonly earlySetupFiles?: readonly string[];
  /** Where workers of the run may have turns that this file's own workers want. */
  readonly yieldTurns?: (turns: readonly string[]) => Promise<void>;
  /** Jest's reporter is going to write a report of the run. */
  readonly isReported?: boolean;
  /** Measures what workers run, those whose `coverage` is true. */
  readonly meter?: CoverageMeter;
  /** Loads the module of a `module` probe the way Jest loads the project's own files. */
  loadModule(path: string): Promise<unknown>;
}
