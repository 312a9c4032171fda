import { secretSources } from '../../launch/secret-sources.ts';
import { LogFile } from '../../logs/log-file.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import { readMemoryKills } from '../../process/table/read-memory-kills.ts';
import type { LeasedRunner } from '../runner/leased-runner.ts';
import type { WorkerLease } from '../runner/worker-lease.ts';
import type { LaunchContext } from './launch-context.ts';
import { aimProbes } from './plan-launch.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { probeGate } from './probe-gate.ts';

/** The launch of a worker of the run, as one test file sees it: its logs begin here for the file, and its probes are asked once more. */
export function prepareLeased(
  runner: LeasedRunner,
  lease: WorkerLease,
  context: LaunchContext,
): PreparedLaunch {
  const { spec, view } = runner;
  const { plan, logPaths } = runner.takeLease(lease);
  const specs = aimProbes(spec, plan.env);
  context.secrets.note(secretSources(plan, specs));
  view.open({
    stdout: new LogFile('stdout', logPaths.stdout, 'r'),
    stderr: new LogFile('stderr', logPaths.stderr, 'r'),
  });
  const { services, rootDir } = context;
  const uses = services.usesOf({ plan, specs, rootDir });
  return {
    plan,
    specs,
    uses,
    inquiry: services.inquire([]),
    rootDir,
    memoryKillsBefore: readMemoryKills(),
    gate: probeGate({ plan, specs, uses, view, context, isAsked }),
  };
}

/** What it wrote when it was started stands before the part of its logs that this file sees. */
function isAsked({ kind }: ProbeSpec): boolean {
  return kind !== 'log' && kind !== 'notify';
}
