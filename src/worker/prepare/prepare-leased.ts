import { LogFile } from '../../logs/log-file.ts';
import type { LaunchTap, TapLeg } from '../../tap/launch-tap.ts';
import { LeasedRunner } from '../runner/leased-runner.ts';
import type { RemoteRunner } from '../runner/remote-runner.ts';
import type { WorkerLease } from '../runner/worker-lease.ts';
import type { LaunchContext } from './launch-context.ts';
import { aimProbes, type RestartOptions } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { watchedLaunch } from './watched-launch.ts';

/**
 * The launch of a worker that another process holds, as one test file sees it. One of the run has logs that begin here for the file,
 * and its probes are asked once more; of one of this file alone only the modules are asked here.
 *
 * @throws the codes of a launch, for one that is started again
 */
export async function prepareLeased(
  runner: LeasedRunner | RemoteRunner,
  lease: WorkerLease,
  context: LaunchContext,
  { env = {} }: RestartOptions = {},
): Promise<PreparedLaunch> {
  const { spec, view } = runner;
  const isOfRun = runner instanceof LeasedRunner;
  if (!isOfRun && view.hasFiles) view.markLaunch();
  const relaunched = isOfRun ? undefined : await runner.relaunch(env);
  const { plan, logPaths, tapLegs: legs } = { ...runner.takeLease(lease), ...relaunched };
  if (!view.hasFiles) {
    const stdout = new LogFile('stdout', logPaths.stdout, 'r');
    view.open({ stdout, stderr: new LogFile('stderr', logPaths.stderr, 'r') }, isOfRun ? 'now' : 'beginning');
    if (!isOfRun) runner.follow();
  }
  const slots = context.slots?.();
  const servers = context.servers?.();
  const aimed = aimProbes(spec, plan.env).map(probe => servers?.moveSpec(probe, plan) ?? probe);
  const specs = slots ? aimed.map(probe => slots.moveSpec(probe, plan)) : aimed;
  const prepared = watchedLaunch({ plan, specs, view, hasItsStart: false, isProvenHere: isOfRun }, context);
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
