import { LogFile } from '../../logs/log-file.ts';
import type { LeasedRunner } from '../runner/leased-runner.ts';
import type { WorkerLease } from '../runner/worker-lease.ts';
import type { LaunchContext } from './launch-context.ts';
import { aimProbes } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { watchedLaunch } from './watched-launch.ts';

/** The launch of a worker of the run, as one test file sees it: its logs begin here for the file, and its probes are asked once more. */
export function prepareLeased(
  runner: LeasedRunner,
  lease: WorkerLease,
  context: LaunchContext,
): PreparedLaunch {
  const { spec, view } = runner;
  const { plan, logPaths } = runner.takeLease(lease);
  view.open({
    stdout: new LogFile('stdout', logPaths.stdout, 'r'),
    stderr: new LogFile('stderr', logPaths.stderr, 'r'),
  });
  return watchedLaunch({ plan, specs: aimProbes(spec, plan.env), view, hasItsStart: false }, context);
}
