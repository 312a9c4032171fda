import type { WorkerAction } from '../../worker/runner/worker-lease.ts';
import { runningPid } from '../../worker/running-pid.ts';
import type { LaunchControl } from '../process/holdings.ts';
import type { SharedWorker } from './shared-worker.ts';

/** What a test file has done to a worker that no other file uses at the same time. */
export function ownControl(own: SharedWorker): LaunchControl {
  return {
    act: action => act(own, action),
    relaunch: env => own.relaunch(env),
    onNews: listener => own.onNews(listener),
  };
}

async function act(own: SharedWorker, action: WorkerAction): Promise<void> {
  const { worker, project } = own;
  const { runner, spec } = worker;
  own.isChanged = true;
  switch (action.kind) {
    case 'stop':
      await runner.stop();
      project.services.forget(spec.name);
      return;
    case 'kill':
      await runner.kill();
      return;
    case 'signal':
      runningPid(worker, action.signal);
      await runner.signal(action.signal);
      return;
    case 'pause':
    case 'resume':
      runningPid(worker, action.kind);
      await runner[action.kind]();
      return;
    default:
      action satisfies never;
  }
}
