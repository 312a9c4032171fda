import type { GivenSlot } from '../../service/file-slots.ts';
import type { SlotsOrder } from '../protocol.ts';

/** The slots a supervisor holds for the test files of its run. */
export interface SlotHoldings {
  /**
   * Makes what the order asks for; `user` stands for the test file until it is taken back.
   *
   * @throws SLOT_UNAVAILABLE, PREPARE_FAILED, OPTIONS_INVALID
   */
  take(order: SlotsOrder, user: object, notice: (text: string) => void): Promise<readonly GivenSlot[]>;
  /** What `from` had stands for `to` from now on. */
  hand(from: object, to: object): void;
  /** They outlive file and run. */
  keep(user: object): Promise<void>;
  /** Drops them behind the file. */
  end(user: object): void;
  /** Resolves when nothing of it is there, with what went wrong. The next run may begin. Never throws. */
  stop(): Promise<readonly unknown[]>;
}
