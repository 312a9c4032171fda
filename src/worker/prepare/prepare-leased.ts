import { LogFile } from '../../logs/log-file.ts';
import type { LaunchTap, TapLeg } from '../../tap/launch-tap.ts';
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
  const { plan, logPaths, tapLegs: legs } = runner.takeLease(lease);
  view.open({
    stdout: new LogFile('stdout', logPaths.stdout, 'r'),
    stderr: new LogFile('stderr', logPaths.stderr, 'r'),
  });
  const specs = aimProbes(spec, plan.env);
  const prepared = watchedLaunch({ plan, specs, view, hasItsStart: false }, context);
  return legs ? { ...prepared, tap: leasedTap(spec.name, legs, lease) } : prepared;
}

/** It is in the process that holds the worker, which other files may use too. */
function leasedTap(worker: string, legs: readonly TapLeg[], lease: WorkerLease): LaunchTap {
  return {
    legs,
    look: () => undefined,
    beginTest() {},
    read: after => lease.readTap(worker, after),
  };
}
