import { LiveWorkerError } from '../errors.ts';

export interface SlotTrouble {
  /** `Postgres database "app" at localhost:5432` */
  readonly where: string;
  readonly cause: string;
  /** What the user does about it: each a way out. */
  readonly changes: readonly string[];
  readonly original?: unknown;
  /** The server does not answer, or refuses the login: what waits for services knows more. */
  readonly isUnanswered?: boolean;
}

/** Why a test file cannot have a slot; there is never one that is shared in its place. */
export function slotUnavailable({
  where,
  cause,
  changes,
  original,
  isUnanswered = false,
}: SlotTrouble): LiveWorkerError {
  const [first, ...others] = changes;
  const lines = [
    `Cannot make a slot of ${where}`,
    `cause:  ${cause}`,
    ...(first === undefined ? [] : [`change: ${first}`]),
    ...others.map(change => `    or: ${change}`),
  ];
  return new LiveWorkerError('SLOT_UNAVAILABLE', lines.join('\n'), {
    details: { where, cause, changes, isUnanswered },
    ...(original === undefined ? {} : { cause: original }),
  });
}
