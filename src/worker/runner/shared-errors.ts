import { LiveWorkerError } from '../../errors.ts';

/** For what a test may not do to a worker that other files use too, at this moment or later. */
export function notShared(worker: string, action: string): LiveWorkerError {
  return new LiveWorkerError(
    'WORKER_SHARED',
    `Cannot ${action} worker "${worker}": all test files of the run share it (scope: 'run')\nTests that ${action} it need scope: 'file' on the worker`,
    { details: { worker, action } },
  );
}
