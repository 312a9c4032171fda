import type { EventModel } from '../model.ts';

/** One line of what happened, in the order it did. */
export interface Row {
  readonly atMs: number;
  /** A log line is known to be from between two moments only. */
  readonly isAbout: boolean;
  readonly kind: EventModel['kind'] | 'test' | 'line' | 'span';
  /** The file or the worker, with the stream of a log line. */
  readonly who: string;
  readonly text: string;
  readonly isBad: boolean;
}
