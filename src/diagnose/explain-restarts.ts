import { LiveWorkerError } from '../errors.ts';
import type { ProcessExit } from '../process/running-worker.ts';
import { describeCauses } from './describe-causes.ts';
import { describeExit } from './describe-exit.ts';
import { describeFailure } from './describe-failure.ts';
import type { Evidence } from './evidence.ts';
import { type DeathMoment, describeMoment, describeSince } from './explain-death.ts';
import { findCauses } from './find-causes.ts';

/** How often a worker was started again by itself before the exit that was one too many. */
export interface SpentRestarts {
  readonly count: number;
  /** From the first exit to the last, in milliseconds. */
  readonly tookMs: number;
}

/** The error of an exit that came when the worker had been restarted as often as it may be. */
export function explainRestartLimit(
  exit: ProcessExit,
  { count, tookMs }: SpentRestarts,
  moment: DeathMoment,
  evidence: Evidence,
): LiveWorkerError {
  const { worker } = evidence;
  const times = count === 1 ? 'once' : `${count} times`;
  const head = [
    `Worker "${worker}" ${describeExit(exit)} ${describeMoment(moment)}, after it was restarted ${times} within ${(tookMs / 1000).toFixed(1)} s`,
    ...describeCauses(findCauses(evidence)),
    `change: correct what ends it, or raise workers.${worker}.restartLimit`,
  ];
  return new LiveWorkerError('RESTART_LIMIT_EXCEEDED', describeFailure(head, evidence), {
    details: {
      worker,
      exit,
      restarts: count,
      tookMs: Math.round(tookMs),
      ...whenOf(moment),
      logPaths: evidence.logPaths,
    },
  });
}

/** The error of a worker that ended unasked and did not become ready again; `failure` tells why not. */
export function explainFailedRestart(
  failure: LiveWorkerError,
  worker: string,
  after: ProcessExit,
  moment: DeathMoment,
): LiveWorkerError {
  const why = failure.message.replace(`Cannot start worker "${worker}": `, '');
  return new LiveWorkerError(
    failure.code,
    `Cannot restart worker "${worker}", which ${describeExit(after)} ${describeMoment(moment)}: ${why}`,
    { details: { ...failure.details, worker, ...whenOf(moment) }, cause: failure.cause },
  );
}

function whenOf(moment: DeathMoment): { readonly during: string | null; readonly since: string } {
  return { during: moment.kind === 'test' ? moment.test : null, since: describeSince(moment) };
}
