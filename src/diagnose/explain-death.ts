import { LiveWorkerError } from '../errors.ts';
import type { ProcessExit } from '../process/running-worker.ts';
import { describeCauses } from './describe-causes.ts';
import { describeExit } from './describe-exit.ts';
import { describeSurroundings } from './describe-surroundings.ts';
import type { Evidence } from './evidence.ts';
import { findCauses } from './find-causes.ts';

/** The error of a worker that ended unasked; `during` is the full name of the test that ran, if one did. */
export function explainDeath(
  exit: ProcessExit,
  during: string | undefined,
  evidence: Evidence,
): LiveWorkerError {
  const when = during === undefined ? 'while no test ran' : `during the test "${during}"`;
  const head = [
    `Worker "${evidence.worker}" ${describeExit(exit)} ${when}, and nobody asked it to`,
    ...describeCauses(findCauses(evidence)),
  ];
  const lines = [...head, ...describeSurroundings(evidence, head.length)];
  return new LiveWorkerError('WORKER_EXITED', lines.join('\n'), {
    details: { worker: evidence.worker, exit, during: during ?? null, logPaths: evidence.logPaths },
  });
}
