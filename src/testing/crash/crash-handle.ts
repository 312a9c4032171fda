import type { EffectSight, SessionBridge, WaitOptions } from '../../session/contract.ts';
import { framesAbove, unpackFramed } from '../unpack.ts';

/** A crash, or a fault, that waits for its point. */
export interface ArmedCrash {
  /**
   * Resolves when the worker has come there, is dead, and its services have let go of it: its messages are back on their queues, its
   * transactions rolled back.
   *
   * @throws CRASH_NOT_REACHED with what it did instead; WORKER_EXITED
   */
  reached(options?: WaitOptions): Promise<ReachedCrash>;
}

/** How a worker stood when it crashed. */
export interface ReachedCrash {
  /** What it was about to do, or had done. */
  readonly effect: EffectSight;
  /** The message it worked on: that of an ack or a delivery; else the only one it had, or undefined. */
  readonly message: EffectSight | undefined;
  readonly inFlight: {
    /** Delivered to it and not acknowledged. */
    readonly messages: readonly EffectSight[];
    /** Its open transactions, each by its statements that write. */
    readonly transactions: readonly (readonly string[])[];
  };
}

export function crashHandle(bridge: SessionBridge, number: number): ArmedCrash {
  const handle: ArmedCrash = {
    async reached(options = {}) {
      const frames = framesAbove(handle.reached);
      const { effect, message, inFlight } = await unpackFramed(
        bridge.untilReached(number, { ...options }),
        frames,
      );
      return { effect, message, inFlight };
    },
  };
  return handle;
}
