import type { CoverageMeter } from '../../worker/coverage/coverage-meter.ts';
import type { SessionWorker } from '../../worker/session-worker.ts';

/** What measures the workers of one test file. */
export interface FileMeter {
  readonly meter: CoverageMeter;
  /** The workers are stopped, or go on without the file: says what is missing, and with Babel adds what they ran to what the tests ran. */
  finish(workers: readonly SessionWorker[], file: MeasuredFile): Promise<void>;
}

interface MeasuredFile {
  /** The test file's `globalThis`. */
  readonly sandbox: object;
  /** Of its records. */
  readonly folder: string;
}
