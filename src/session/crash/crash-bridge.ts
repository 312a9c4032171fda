import type { SessionBridge } from '../contract.ts';
import { findWorker, startedHere } from '../find-worker.ts';
import { packResult } from '../pack-result.ts';
import type { TestFileSession } from '../test-file-session.ts';

/** The part of the bridge that lets workers crash. */
export function crashBridge(session: TestFileSession): Pick<SessionBridge, 'armCrash' | 'untilCrashed'> {
  const { secrets, points, clock } = session;
  return {
    armCrash: (name, point) =>
      packResult(secrets, async () =>
        points.armCrash(startedHere(findWorker(session, name), 'crash'), point),
      ),
    untilCrashed: (number, { timeoutMs }) =>
      packResult(secrets, () => points.untilReached(number, timeoutMs ?? clock.timeLeftMs())),
  };
}
