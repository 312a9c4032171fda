import type { WorkerSpec } from '../../options/options.ts';
import { reportProgress } from '../../probe/report-progress.ts';
import { notice } from '../../text/notice.ts';
import type { ForcedStop } from './forced-stop.ts';

/** Most workers end sooner, and the user is not told of it. */
const firstReportMs = 2_000;

export interface GraceOptions {
  readonly spec: WorkerSpec;
  readonly pid: number;
  readonly isLeaderAlive: () => boolean;
  readonly onOver: (forced: ForcedStop) => void;
}

/** The time between the polite signal and SIGKILL. A user who waits longer than two seconds is told for what, and how it ended. */
export function openGrace({ spec, pid, isLeaderAlive, onOver }: GraceOptions): { close(): void } {
  const { name, stop } = spec;
  const { signal, graceMs } = stop;
  const progress = reportProgress(
    seconds => {
      const target = isLeaderAlive()
        ? `pid ${pid}`
        : `pid ${pid}, which ended, and then to what it left behind`;
      return `worker "${name}" is being stopped for ${seconds} s: ${signal} was sent to ${target}; SIGKILL follows after ${graceMs / 1_000} s (stop.graceMs)`;
    },
    { firstAfterMs: firstReportMs },
  );
  const timer = setTimeout(() => {
    progress.stop();
    if (graceMs > firstReportMs) notice(`worker "${name}" did not end: SIGKILL after ${graceMs / 1_000} s`);
    onOver({ pid, signal, graceMs });
  }, graceMs);
  return {
    close() {
      progress.stop();
      clearTimeout(timer);
    },
  };
}
