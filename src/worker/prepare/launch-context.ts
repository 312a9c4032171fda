import type { Secrets } from '../../secrets/secrets.ts';
import type { FileSlots } from '../../service/file-slots.ts';
import type { LedServers } from '../../service/led-servers.ts';
import type { Services } from '../../service/services.ts';
import type { Traces } from '../traces/traces.ts';
import type { LaunchOrigin } from './plan-launch.ts';
import type { Taps } from './taps.ts';

/** What the launches of one test file share. */
export interface LaunchContext {
  readonly rootDir: string;
  /** The folder of this test file. */
  readonly folder: string;
  readonly services: Services;
  /** True while a worker other than this one is on its way. */
  isOtherStarting(worker: string): boolean;
  /** Those of all workers of the file; what a launch adds is noted here. */
  readonly secrets: Secrets;
  /** Those of its workers; closed by the owner of the launches when these are over. */
  readonly taps: Taps;
  /** What they send their spans to; closed by the same. */
  readonly traces: Traces;
  loadModule(path: string): Promise<unknown>;
  /** Those of the run that its workers use; undefined without `services`, and before they were provided. */
  readonly servers?: () => LedServers | undefined;
  /** What the test file has for itself alone; undefined without `isolate`, and before it was given. */
  readonly slots?: () => FileSlots | undefined;
  /** Its workers write what they ran, those that ask for it by `coverage`. Default false. */
  readonly measures?: boolean;
  /** Default: this process. */
  readonly origin?: LaunchOrigin;
}
