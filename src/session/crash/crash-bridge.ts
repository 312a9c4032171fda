import type { SessionBridge } from '../contract.ts';
import { findWorker, startedHere } from '../find-worker.ts';
import { packResult } from '../pack-result.ts';
import type { TestFileSession } from '../test-file-session.ts';

/** The part of the bridge that lets workers crash, and lose what they are connected to. */
export function crashBridge(
  session: TestFileSession,
): Pick<SessionBridge, 'armCrash' | 'untilReached' | 'cutConnections' | 'loseAnswer'> {
  const { secrets, points, clock, faults } = session;
  return {
    armCrash: (name, point) =>
      packResult(secrets, async () =>
        points.armCrash(startedHere(findWorker(session, name), 'crash'), point),
      ),
    untilReached: (number, { timeoutMs }) =>
      packResult(secrets, () => points.untilReached(number, timeoutMs ?? clock.timeLeftMs())),
    cutConnections: place => packResult(secrets, () => faults.cut(place)),
    loseAnswer: (place, statement) =>
      packResult(secrets, async () => faults.loseAnswer(place, statement ?? undefined)),
  };
}
