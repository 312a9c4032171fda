import type { LaunchPlan } from '../../launch/plan.ts';
import type { ProbeSpec } from '../../options/probe-options.ts';
import type { GateOutcome } from '../../probe/until-ready.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import type { MemoryKills } from '../../process/table/read-memory-kills.ts';
import type { LaunchInquiry, ServiceUse } from '../../service/service.ts';
import type { LaunchTap } from '../../tap/launch-tap.ts';
import type { ProbeBoard } from './probe-board.ts';

/** A launch whose services were seen to answer: all that is missing is the process. */
export interface PreparedLaunch {
  readonly plan: LaunchPlan;
  readonly rootDir: string;
  /** The kernel's count before the launch, where it keeps one. */
  readonly memoryKillsBefore: MemoryKills | undefined;
  /** The probes of the spec with the worker's own variables filled in. */
  readonly specs: readonly ProbeSpec[];
  /** The services its probes name. */
  readonly uses: readonly ServiceUse[];
  readonly inquiry: LaunchInquiry;
  /** What stands between it and its services; undefined without one, and of a launch of another process. */
  readonly tap?: LaunchTap | undefined;
  /** Waits until the probes are satisfied, keeping the board up to date. */
  gate(
    running: Pick<RunningWorker, 'notified'>,
    board: ProbeBoard,
    signal: AbortSignal,
  ): Promise<GateOutcome>;
}
