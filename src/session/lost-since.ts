import { type DeathMoment, describeSince } from '../diagnose/explain-death.ts';
import { LiveWorkerError } from '../errors.ts';

/** One line for every failure after the whole was told of what all workers of a file were lost with. */
export function lostSince(error: LiveWorkerError, moment: DeathMoment): LiveWorkerError {
  const [what = ''] = error.message.split('\n');
  return new LiveWorkerError(error.code, `${what} (since ${describeSince(moment)}, see there)`, {
    details: error.details,
  });
}
