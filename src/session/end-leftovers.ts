import { setTimeout as sleep } from 'node:timers/promises';
import { killTree } from '../process/kill-tree.ts';
import { findWorkerTree } from '../process/worker-tree.ts';
import type { Leftover } from './find-leftovers.ts';

/** The watchdog of a run that ended a moment ago may still be at it: longer than its own grace. */
const watchdogLimitMs = 700;
const killLimitMs = 2_000;
const pauseMs = 20;

/** Ends what neither an earlier run nor its watchdog could end, before anything is started beside it. */
export async function endLeftovers(leftovers: readonly Leftover[]): Promise<void> {
  await Promise.all(leftovers.map(endLeftover));
}

async function endLeftover({ worker, mark }: Leftover): Promise<void> {
  const living = () => findWorkerTree(mark) ?? [];
  const deadline = performance.now() + watchdogLimitMs;
  while (living().length > 0 && performance.now() < deadline) await sleep(pauseMs);
  const pids = living().map(({ pid }) => pid);
  if (pids.length === 0) return;
  await killTree(mark, killLimitMs);
  process.stderr.write(
    `live-worker: ended what an earlier run had left of worker "${worker}": pid ${pids.join(', ')}\n`,
  );
}
