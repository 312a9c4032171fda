import type { CrashPointOperations, FaultPlace, SessionBridge } from '../contract.ts';
import { findWorker, startedHere } from '../find-worker.ts';
import { packResult } from '../pack-result.ts';
import type { TestFileSession } from '../test-file-session.ts';
import { EffectRecording } from './effect-recording.ts';

/** The part of the bridge that lets workers crash, and lose what they are connected to. */
export function crashBridge(
  session: TestFileSession,
): Pick<SessionBridge, 'armCrash' | 'untilReached' | 'recording' | 'cutConnections' | 'loseAnswer'> {
  const { secrets, points, clock, faults } = session;
  const meant = ({ choice }: FaultPlace, action: string) =>
    choice.worker === undefined
      ? [...session.workers.values()]
      : [startedHere(findWorker(session, choice.worker), action)];
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
    cutConnections: place =>
      packResult(secrets, async () => faults.cut(place, meant(place, 'cut connections of'))),
    loseAnswer: (place, statement) =>
      packResult(secrets, async () =>
        faults.loseAnswer(place, meant(place, 'lose an answer of'), statement ?? undefined),
      ),
  };
}
