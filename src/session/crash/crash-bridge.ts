import type { CrashPointOperations, SessionBridge } from '../contract.ts';
import { findWorker, startedHere } from '../find-worker.ts';
import { packResult } from '../pack-result.ts';
import type { TestFileSession } from '../test-file-session.ts';
import { EffectRecording } from './effect-recording.ts';

/** The part of the bridge that lets workers crash, and lose what they are connected to. */
export function crashBridge(
  session: TestFileSession,
): Pick<SessionBridge, 'armCrash' | 'untilReached' | 'recording' | 'cutConnections' | 'loseAnswer'> {
  const { secrets, points, clock, faults } = session;
  const recording: CrashPointOperations = new EffectRecording(session);
  return {
    armCrash: (name, point) =>
      packResult(secrets, async () =>
        points.armCrash(startedHere(findWorker(session, name), 'crash'), point),
      ),
    untilReached: (number, { timeoutMs }) =>
      packResult(secrets, () => points.untilReached(number, timeoutMs ?? clock.timeLeftMs())),
    recording: (operation, words) =>
      packResult(secrets, () =>
        (recording[operation] as (...given: readonly unknown[]) => Promise<unknown>).apply(recording, [
          ...words,
        ]),
      ),
    cutConnections: place => packResult(secrets, () => faults.cut(place)),
    loseAnswer: (place, statement) =>
      packResult(secrets, async () => faults.loseAnswer(place, statement ?? undefined)),
  };
}
