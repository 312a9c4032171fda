import { LiveWorkerError } from '../../errors.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import type { ProbeBoard } from '../prepare/probe-board.ts';

export interface PresenceOptions {
  readonly worker: string;
  readonly board: ProbeBoard;
  /** Aborted by the first probe that is not satisfied. */
  readonly unmet: AbortSignal;
  /** Aborted when the test file is over. */
  readonly over: AbortSignal;
}

/**
 * Asks every probe once: a worker that is not being started is there, or there is nothing to wait for.
 *
 * @throws ATTACH_FAILED
 */
export async function provePresence(
  { gate }: PreparedLaunch,
  { worker, board, unmet, over }: PresenceOptions,
): Promise<void> {
  const outcome = await gate({ notified: new Promise(() => {}) }, board, AbortSignal.any([unmet, over]));
  const isProven = outcome.kind === 'ready' && board.entries().length > 0;
  if (!isProven && !over.aborted) throw notThere(worker, board);
}

function notThere(worker: string, board: ProbeBoard): LiveWorkerError {
  const entries = board.entries();
  const unmet = entries.flatMap(({ probe, answer }) =>
    answer === undefined || answer.kind === 'ready'
      ? []
      : [`  waited for: ${probe}`, `  last seen:  ${answer.why}`],
  );
  const what =
    entries.length === 0
      ? 'none of its probes can tell whether it is there'
      : 'not all its probes are satisfied';
  const lines = [
    `Cannot attach to worker "${worker}": no live-worker run holds it, and ${what}`,
    ...unmet,
    `Start it in another terminal: npx live-worker run ${worker}`,
  ];
  return new LiveWorkerError('ATTACH_FAILED', lines.join('\n'), { details: { worker, probes: entries } });
}
