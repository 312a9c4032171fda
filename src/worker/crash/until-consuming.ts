import { setTimeout as sleep } from 'node:timers/promises';
import type { Tap } from '../../tap/open-tap.ts';
import type { TapSight } from '../../tap/state/tap-sight.ts';

const pollMs = 20;

/** How many consumers each queue has by what a tap sees. */
export function countConsumers(sight: TapSight | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { amqp } of sight?.connections ?? [])
    for (const { queue } of amqp?.consumers ?? []) counts.set(queue, (counts.get(queue) ?? 0) + 1);
  return counts;
}

/** Resolves with whether the worker consumes as much as before, once it does or the time is over. */
export async function untilConsuming(
  tap: Tap,
  before: ReadonlyMap<string, number>,
  limitMs: number,
): Promise<boolean> {
  const until = performance.now() + limitMs;
  for (;;) {
    const now = countConsumers(tap.look());
    if ([...before].every(([queue, consumers]) => (now.get(queue) ?? 0) >= consumers)) return true;
    if (performance.now() > until) return false;
    await sleep(pollMs);
  }
}
