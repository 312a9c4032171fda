import { LiveWorkerError } from '../errors.ts';
import { describeFailure } from './describe-failure.ts';
import type { Evidence } from './evidence.ts';
import { type DeathMoment, describeMoment, describeSince } from './explain-death.ts';

/** A worker that was ended because of the size of its logs. */
export interface LogExcess {
  /** What it had written since it was started, when that was noticed. */
  readonly bytes: number;
  /** Its `maxLogBytes`. */
  readonly limitBytes: number;
}

export function explainLogLimit(
  { bytes, limitBytes }: LogExcess,
  moment: DeathMoment,
  evidence: Evidence,
): LiveWorkerError {
  const head = [
    `Worker "${evidence.worker}" was ended ${describeMoment(moment)}: it wrote more than the ${limitBytes} bytes of maxLogBytes`,
    `cause:  its logs have grown by ${bytes} bytes since it was started`,
    `change: look at what it repeats in the last lines, make it log less, or raise workers.${evidence.worker}.maxLogBytes`,
  ];
  return new LiveWorkerError('LOG_LIMIT_EXCEEDED', describeFailure(head, evidence), {
    details: {
      worker: evidence.worker,
      bytes,
      maxLogBytes: limitBytes,
      during: moment.kind === 'test' ? moment.test : null,
      since: describeSince(moment),
      exit: evidence.failure.kind === 'died' ? evidence.failure.exit : undefined,
      logPaths: evidence.logPaths,
    },
  });
}
