import type { LaunchPlan } from '../../launch/plan.ts';
import { secretSources } from '../../launch/secret-sources.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import { readMemoryKills } from '../../process/table/read-memory-kills.ts';
import type { LaunchContext } from './launch-context.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { probeGate } from './probe-gate.ts';

export interface WatchedLaunch {
  readonly plan: LaunchPlan;
  readonly specs: readonly ProbeSpec[];
  readonly view: LogView;
  /** False: what it wrote when it was started is not there for this file to see. */
  readonly hasItsStart: boolean;
  /** False: who made it has proven it, but for what modules of the project say. */
  readonly isProvenHere?: boolean;
}

/** The launch of a worker that another process made, as one test file proves it. */
export function watchedLaunch(
  { plan, specs, view, hasItsStart, isProvenHere = true }: WatchedLaunch,
  context: LaunchContext,
): PreparedLaunch {
  const { services, rootDir, secrets } = context;
  secrets.note(secretSources(plan, specs));
  const isAsked = ({ kind }: ProbeSpec) =>
    isProvenHere ? hasItsStart || (kind !== 'log' && kind !== 'notify') : kind === 'module';
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
