import { setTimeout as sleep } from 'node:timers/promises';
import { killTree, type Survivor } from '../process/tree/kill-tree.ts';
import { findWorkerTree } from '../process/tree/worker-tree.ts';
import { notice } from '../text/notice.ts';
import type { Leftover } from './find-leftovers.ts';

/** The watchdog of a run that ended a moment ago may still be at it: longer than its own grace. */
const watchdogLimitMs = 700;
const killLimitMs = 2_000;
const pauseMs = 20;

/** What was still there of a leftover when it was ended. */
export interface EndedLeftover {
  readonly worker: string;
  readonly pids: readonly number[];
  readonly survivors: readonly Survivor[];
}

/**
 * Ends what neither its owner nor a watchdog could end, before anything is started beside it.
 *
 * @param owner as it stands in the line about it
 */
export async function endLeftovers(leftovers: readonly Leftover[], owner = 'an earlier run'): Promise<void> {
  for (const { worker, pids } of await Promise.all(leftovers.map(endLeftover))) {
    if (pids.length === 0) continue;
    notice(`ended what ${owner} had left of worker "${worker}": pid ${pids.join(', ')}`);
  }
}

/** Leaves a watchdog its time, then ends the rest by SIGKILL. */
export async function endLeftover({ worker, mark }: Leftover): Promise<EndedLeftover> {
  const living = () => findWorkerTree(mark) ?? [];
  const deadline = performance.now() + watchdogLimitMs;
  while (living().length > 0 && performance.now() < deadline) await sleep(pauseMs);
  const pids = living().map(({ pid }) => pid);
  return { worker, pids, survivors: pids.length === 0 ? [] : await killTree(mark, killLimitMs) };
}
