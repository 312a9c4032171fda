import { LiveWorkerError } from '../../errors.ts';

export function notOurs(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_ATTACHED', `Worker "${worker}" was not started by this test file`, {
    details: { worker },
  });
}

export function notAttached(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${worker}" is not attached to any more`, {
    details: { worker },
  });
}
