import { setTimeout as sleep } from 'node:timers/promises';
import { reportProgress } from '../../probe/report-progress.ts';
import type { SharedWorker } from './shared-worker.ts';

const pollMs = 10;

/**
 * Stops the workers that have one of these turns, as soon as no test file uses them, and lets go of the turns.
 *
 * @param who waits, as it stands in the progress line
 * @param stopping ends the waiting with the run: a file that is frozen uses its worker until then
 * @throws the reason of `stopping`
 */
export async function yieldTurns(
  turns: readonly string[],
  workers: readonly SharedWorker[],
  who: string,
  stopping: AbortSignal,
): Promise<void> {
  const wanted = new Set(turns);
  const holders = workers.filter(worker => worker.isUsable && worker.turns.some(turn => wanted.has(turn)));
  for (const holder of holders) {
    const progress = reportProgress(
      seconds =>
        `${who} waits for ${seconds} s: test files still use worker "${holder.spec.name}" on the same queue`,
    );
    try {
      while (holder.users.size > 0 && holder.isUsable) {
        stopping.throwIfAborted();
        await sleep(pollMs);
      }
    } finally {
      progress.stop();
    }
    await holder.yield();
  }
}
