import type { LaunchPlan } from '../../launch/plan.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { ProcessIdentity } from '../table/process-entry.ts';
import type { WorkerMark } from './worker-tree.ts';

interface MarkedLaunch {
  readonly plan: Pick<LaunchPlan, 'id'>;
  readonly leader: ProcessIdentity | undefined;
}

/** By what the processes of a launch are found. */
export function resolveWorkerMark({ plan, leader }: MarkedLaunch, { stdout, stderr }: LogFiles): WorkerMark {
  return {
    id: plan.id,
    leader,
    logPaths: [stdout.path, stderr.path],
    logFiles: [stdout.identity, stderr.identity],
  };
}
