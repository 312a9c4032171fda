import type { Evidence } from '../diagnose/evidence.ts';
import { type DeathMoment, explainDeath } from '../diagnose/explain-death.ts';
import { explainLogLimit, type LogExcess } from '../diagnose/explain-log-limit.ts';
import { explainRestartLimit } from '../diagnose/explain-restarts.ts';
import type { LiveWorkerError } from '../errors.ts';
import type { WorkerDeath } from './lifecycle/lifecycle-effects.ts';

export interface EndContext {
  readonly flood: LogExcess | undefined;
  readonly moment: DeathMoment;
  readonly evidence: Evidence;
}

/** The error of a worker that ended unasked and is not started again. */
export function explainEnd(death: WorkerDeath, { flood, moment, evidence }: EndContext): LiveWorkerError {
  if (flood) return explainLogLimit(flood, moment, evidence);
  if (death.kind === 'limit') return explainRestartLimit(death.exit, death.spent, moment, evidence);
  return explainDeath(death.exit, moment, evidence);
}
