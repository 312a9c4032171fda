import { setTimeout as sleep } from 'node:timers/promises';
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
    while (holder.users.size > 0 && holder.isUsable) await sleep(pollMs);
    await holder.stop();
  }
}

function turnsOf({ project, worker }: SharedWorker): readonly string[] {
  return (worker.prepared?.uses ?? []).flatMap(use => project.services.turnsOf(use));
}
