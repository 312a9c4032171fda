import type { LiveWorkerError } from '../errors.ts';
import type { IsolateSpec } from '../options/isolate-options.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { GivenSlot } from './file-slots.ts';
import type { SlotPlaceOrder } from './slot.ts';

/** A place that workers of one test file use, of which the file is to have one for itself. */
export interface SlotPlace extends Pick<SlotPlaceOrder, 'urls' | 'connections' | 'surroundings'> {
  readonly kind: string;
  readonly place: string;
}

export interface SlotRequest {
  readonly rootDir: string;
  readonly testFile: string;
  readonly isolate: IsolateSpec;
  readonly places: readonly SlotPlace[];
  /** All of the file. */
  readonly workers: readonly WorkerSpec[];
}

/** The slots of one test file, until its end. */
export interface SlotLease {
  readonly slots: readonly GivenSlot[];
  /** Who holds them is gone: they may be dropped at any time. */
  readonly lost: Promise<LiveWorkerError>;
  /** They are not dropped at the end. */
  keep(): Promise<void>;
  end(): void;
}
