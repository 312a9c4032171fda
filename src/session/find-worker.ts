import { LiveWorkerError } from '../errors.ts';
import { nearestName } from '../spec/nearest-name.ts';
import type { SessionWorker, TestFileSession } from './test-file-session.ts';

/** @throws WORKER_UNKNOWN with the names this file has. */
export function findWorker(session: TestFileSession, name: string): SessionWorker {
  const worker = session.workers.get(name);
  if (worker) return worker;
  const names = [...session.workers.keys()];
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? '' : `, did you mean "${nearest}"`;
  const list =
    names.length === 0 ? 'it has none' : `it has ${names.map(known => `"${known}"`).join(', ')}${hint}`;
  throw new LiveWorkerError(
    'WORKER_UNKNOWN',
    `This test file has no worker "${name}": ${list}\nWorkers are defined in testEnvironmentOptions and chosen by the pragma @live-worker in the file's first comment`,
    { details: { asked: name, workers: names } },
  );
}

/** @throws WORKER_NOT_RUNNING */
export function runningPid({ spec, runner }: SessionWorker, action: string): number {
  const pid = runner.running?.leader.pid;
  if (pid !== undefined) return pid;
  throw new LiveWorkerError(
    'WORKER_NOT_RUNNING',
    `Cannot ${describe(action)} worker "${spec.name}": it does not run`,
    {
      details: { worker: spec.name },
    },
  );
}

function describe(action: string): string {
  return action.startsWith('SIG') ? `send ${action} to` : action;
}
