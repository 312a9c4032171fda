import type { SlotPlaceOrder } from '../../slot.ts';

/** `isolate.postgres.prepare`, and for whom. */
export interface PrepareOrder {
  readonly command: readonly string[];
  /** Globs from rootDir. */
  readonly inputs: readonly string[];
  readonly rootDir: string;
  readonly order: SlotPlaceOrder;
}
