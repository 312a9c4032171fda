import { argumentInvalid } from '../../errors.ts';
import type { FaultPlace, SessionBridge } from '../../session/contract.ts';
import { framesAbove, unpackFramed, withFrames } from '../unpack.ts';
import { type ArmedCrash, crashHandle } from './crash-handle.ts';
import { isPattern, patternOf } from './parse-crash-point.ts';

/** What a test lets go wrong between workers with a tap and a service of theirs. */
export interface ServiceFaults {
  /**
   * Resets every connection of theirs to it, and resolves with how many there were. When the test is over they have 5 s to consume
   * again; else they are started anew for the next.
   *
   * @throws TAP_NEEDED; WORKER_SHARED
   */
  cut(): Promise<number>;
}

export interface DatabaseFaults extends ServiceFaults {
  /**
   * Arms a fault, and resolves when it is: the next commit of the worker happens, its answer is lost, and the connection is reset. Its
   * handle resolves when that is so.
   *
   * @throws TAP_NEEDED; WORKER_SHARED; ARGUMENT_INVALID
   */
  loseAnswer(commit?: {
    /** One of those that are committed: a text in it, whatever its case and spaces, or a RegExp. */
    readonly statement?: string | RegExp;
  }): Promise<ArmedCrash>;
}

export function serviceFaults(bridge: SessionBridge, place: FaultPlace): ServiceFaults {
  const faults: ServiceFaults = {
    cut() {
      return unpackFramed(bridge.cutConnections(place), framesAbove(faults.cut));
    },
  };
  return faults;
}

export function databaseFaults(bridge: SessionBridge, place: FaultPlace): DatabaseFaults {
  const faults: DatabaseFaults = {
    ...serviceFaults(bridge, place),
    async loseAnswer(commit = {}) {
      const frames = framesAbove(faults.loseAnswer);
      const { statement, ...rest } = Object(commit) as Readonly<Record<string, unknown>>;
      const [unknown] = Object.keys(rest);
      if (typeof commit !== 'object' || commit === null || unknown !== undefined)
        throw withFrames(
          argumentInvalid('loseAnswer(): commit', unknown ?? commit, '{ statement } or nothing'),
          frames,
        );
      if (statement !== undefined && !isPattern(statement))
        throw withFrames(argumentInvalid('loseAnswer(): statement', statement, 'a text or a RegExp'), frames);
      const pattern = statement === undefined ? null : patternOf(statement as string | RegExp);
      return crashHandle(bridge, await unpackFramed(bridge.loseAnswer(place, pattern), frames));
    },
  };
  return faults;
}
