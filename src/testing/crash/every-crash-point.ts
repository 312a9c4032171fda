import type { SessionBridge } from '../../session/contract.ts';
import { sessionBridge } from '../session-bridge.ts';
import { framesAbove, withFrames } from '../unpack.ts';
import { CrashRuns } from './crash-runs.ts';
import { type EveryCrashPoint, parseEveryCrashPoint } from './crash-terms.ts';
import { notIdempotent, notReached, type PointDiffers, type PointMissed } from './explain-points.ts';
import { listPoints } from './list-points.ts';

/** What was tried. */
export interface CrashPoints {
  /** By their names, in the order of the work. */
  readonly points: readonly string[];
  /** Those the worker did not come to, with `allowUnreached`. */
  readonly unreached: readonly string[];
}

/**
 * Lets a worker do the same work again and again, crash each time at another point between two of its effects, and be started again;
 * resolves when it left the same as without a crash each time.
 *
 * @throws NOT_IDEMPOTENT with the point and what differs; CRASH_NOT_REACHED; CRASH_POINTS_UNCLEAR; TAP_NEEDED; WORKER_SHARED; ARGUMENT_INVALID
 */
export async function everyCrashPoint<T>(options: EveryCrashPoint<T>): Promise<CrashPoints> {
  const bridge: SessionBridge = sessionBridge();
  const frames = framesAbove(everyCrashPoint);
  const terms = parseEveryCrashPoint(options, frames);
  const runs = await CrashRuns.begin(bridge, { terms, frames });
  try {
    const { steps, value } = await runs.record();
    const points = listPoints(steps, terms.only, frames);
    const differing: PointDiffers[] = [];
    const missed: PointMissed[] = [];
    for (const point of points) {
      const outcome = await runs.crashAt(point, value);
      if (outcome.kind === 'missed') missed.push({ point, did: outcome.did });
      if (outcome.kind === 'differs') differing.push({ point, ...outcome });
      // What is left of it would stand in the way of the next.
      if (outcome.kind === 'differs' && outcome.isFinal) break;
    }
    const told = { worker: runs.worker, tried: points.length };
    if (differing.length > 0) throw withFrames(notIdempotent(differing, told), frames);
    if (missed.length > 0 && !terms.allowUnreached) throw withFrames(notReached(missed, steps, told), frames);
    return { points: points.map(({ name }) => name), unreached: missed.map(({ point }) => point.name) };
  } finally {
    await runs.end();
  }
}
