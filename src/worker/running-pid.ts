import { describeExit } from '../diagnose/describe-exit.ts';
import { LiveWorkerError } from '../errors.ts';
import type { SessionWorker } from './session-worker.ts';

/** @throws WORKER_NOT_RUNNING */
export function runningPid({ spec, runner }: SessionWorker, action: string): number {
  const pid = runner.running?.leader.pid;
  if (pid !== undefined) return pid;
  throw new LiveWorkerError(
    'WORKER_NOT_RUNNING',
    `Cannot ${describe(action)} worker "${spec.name}": it ${runner.lastExit ? describeExit(runner.lastExit) : 'does not run'}`,
    {
      details: { worker: spec.name },
    },
  );
}

function describe(action: string): string {
  return action.startsWith('SIG') ? `send ${action} to` : action;
}
