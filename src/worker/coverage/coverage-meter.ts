import type { RunningWorker } from '../../process/running-worker.ts';
import type { WorkerControl } from '../runner/worker-control.ts';

/** What has to happen while a worker lives, so that what it ran is known. */
export interface CoverageMeter {
  /** A launch has begun. */
  follow(running: RunningWorker): void;
  /**
   * The worker is about to be asked to end, or a file that shares it is over: what its Node processes ran is written now, for one that a
   * signal ends writes nothing. Never rejects.
   */
  take(worker: Pick<WorkerControl, 'spec' | 'running' | 'logs'>): Promise<void>;
}
