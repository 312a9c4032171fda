import type { DeathMoment } from '../diagnose/explain-death.ts';
import { explainLogLimit } from '../diagnose/explain-log-limit.ts';
import { explainFailedRestart } from '../diagnose/explain-restarts.ts';
import { explainStartFailure } from '../diagnose/explain-start-failure.ts';
import type { LiveWorkerError } from '../errors.ts';
import { maskError } from '../secrets/mask-error.ts';
import { askHangingWorker } from './ask-worker-stacks.ts';
import { collectEvidence } from './collect-evidence.ts';
import { explainEnd } from './explain-end.ts';
import type { WorkerExit } from './lifecycle/lifecycle-events.ts';
import type { LaunchContext } from './prepare/launch-context.ts';
import type { SessionReports, SessionWorker } from './session-worker.ts';
import type { WorkerLauncher } from './worker-launcher.ts';

/** An end that was not asked for, as the user reads it. */
interface ExplainedEnd {
  readonly worker: SessionWorker;
  readonly exit: WorkerExit;
  readonly error: LiveWorkerError;
  /** By `onExit: 'ignore'`: no test fails of it. */
  readonly isIgnored: boolean;
}

export interface ExplainedReportsOptions {
  readonly context: LaunchContext;
  readonly launcher: WorkerLauncher;
  /** Which test it happens in. */
  readonly momentNow: () => DeathMoment;
  readonly onEnd: (end: ExplainedEnd) => void;
}

/** What the owner of workers does for them: looks at what is there, and turns it into errors without secrets. */
export function explainedReports({
  context,
  launcher,
  momentNow,
  onEnd,
}: ExplainedReportsOptions): SessionReports {
  const { secrets } = context;
  return {
    look: (failure, { view, runner }) => collectEvidence(failure, { ...context, view, runner }),
    askStacks: ({ runner }) => askHangingWorker(runner, secrets),
    explain: (failure, evidence, { runner }) =>
      runner.flood
        ? explainLogLimit(runner.flood, momentNow(), evidence)
        : explainStartFailure(failure, evidence),
    prepareRestart: (signal, worker) => launcher.prepareRestart(worker, signal),
    onDeath(death, worker) {
      const { view, runner } = worker;
      const { exit, kind } = death;
      const evidence = collectEvidence({ kind: 'died', exit }, { ...context, view, runner });
      const error = explainEnd(death, { flood: runner.flood, moment: momentNow(), evidence });
      onEnd({ worker, exit, error: maskError(error, secrets), isIgnored: kind === 'ignored' });
    },
    onRestartFailed(failure, worker) {
      const [exit = { code: null, signal: null }] = worker.restartsMeanwhile.slice(-1);
      const error = explainFailedRestart(failure, worker.spec.name, exit, momentNow());
      onEnd({ worker, exit, error: maskError(error, secrets), isIgnored: false });
    },
  };
}
