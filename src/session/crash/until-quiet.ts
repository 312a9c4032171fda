import { LiveWorkerError } from '../../errors.ts';
import { type QuietSight, whyUnquiet } from '../../worker/crash/why-unquiet.ts';
import type { Waits } from '../waits/waits.ts';

export interface QuietWait extends QuietSight {
  readonly waits: Waits;
  readonly scope: number;
  readonly timeoutMs: number;
  /** How long nothing may happen. */
  readonly quietMs: number;
  /** Why it is not to be looked at now. */
  readonly isCrashing: () => boolean;
}

const pollMs = 10;

/**
 * Resolves when a worker has come to rest, and stayed so.
 *
 * @throws WAIT_TIMEOUT with what it is about; WORKER_EXITED
 */
export async function untilQuiet({
  waits,
  scope,
  timeoutMs,
  quietMs,
  isCrashing,
  ...sight
}: QuietWait): Promise<void> {
  const { tap, worker } = sight;
  const endMs = performance.now() + timeoutMs;
  let quietSince = performance.now();
  let last = -1;
  for (;;) {
    const why = isCrashing() ? 'it crashes' : await whyUnquiet(sight);
    const done = (await tap.hold.ask({ kind: 'effects', after: Number.POSITIVE_INFINITY })).last;
    const now = performance.now();
    if (why !== undefined || done !== last) quietSince = now;
    last = done;
    if (now - quietSince >= quietMs) return;
    if (now > endMs) throw notQuiet(worker.spec.name, why ?? 'it goes on and on', timeoutMs);
    const verdict = await waits.pause(pollMs, scope);
    if (verdict) throw verdict;
  }
}

function notQuiet(worker: string, why: string, timeoutMs: number): LiveWorkerError {
  return new LiveWorkerError(
    'WAIT_TIMEOUT',
    `Worker "${worker}" has not come to rest within ${Math.round(timeoutMs)} ms: ${why}`,
    { details: { worker } },
  );
}
