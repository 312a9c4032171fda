import { setTimeout as sleep } from 'node:timers/promises';
import { reportProgress } from '../../probe/report-progress.ts';
import type { SharedWorker } from './shared-worker.ts';

const pollMs = 10;

/**
 * Makes room for workers about to start: those that use a queue of theirs alone are stopped as soon as no test file uses them.
 * They share one connection to the broker, so its turn does not tell them apart.
 */
export async function yieldTurns(
  fresh: readonly SharedWorker[],
  others: readonly SharedWorker[],
): Promise<void> {
  const wanted = new Set(fresh.flatMap(turnsOf));
  const holders = others.filter(other => other.isUsable && turnsOf(other).some(turn => wanted.has(turn)));
  for (const holder of holders) {
    const progress = reportProgress(
      seconds =>
        `${describe(fresh)} waits for ${seconds} s: test files still use ${describe([holder])} on the same queue`,
    );
    while (holder.users.size > 0 && holder.isUsable) await sleep(pollMs);
    progress.stop();
    await holder.stop();
  }
}

function describe(workers: readonly SharedWorker[]): string {
  return workers.map(({ spec }) => `worker "${spec.name}"`).join(', ');
}

function turnsOf({ project, worker }: SharedWorker): readonly string[] {
  return (worker.prepared?.uses ?? []).flatMap(use => project.services.turnsOf(use));
}
