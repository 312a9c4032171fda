/** What is not over. Times are of the clock of the machine. */
export type Unsettled =
  | {
      readonly kind: 'delivery';
      readonly worker: string;
      readonly pid: number | undefined;
      readonly queue: string;
      readonly messageId: string | undefined;
      readonly sinceMs: number;
    }
  | {
      readonly kind: 'transaction';
      readonly worker: string;
      readonly pid: number | undefined;
      readonly sinceMs: number;
      readonly isFailed: boolean;
      readonly lastSql: string;
    }
  | {
      readonly kind: 'statement';
      readonly worker: string;
      readonly pid: number | undefined;
      readonly sinceMs: number;
      readonly sql: string;
    }
  | {
      readonly kind: 'ready';
      readonly queue: string;
      readonly vhost: string | undefined;
      readonly messages: number;
    }
  | Delayed
  /** Nothing is open, but something went on and on. */
  | {
      readonly kind: 'busy';
      readonly worker: string;
      readonly what: string;
      readonly times: number;
      readonly lastMs: number;
    };

/** It waits for its time. */
export interface Delayed {
  readonly kind: 'delayed';
  /** Names message and place: `a message of queue "a"`. */
  readonly what: string;
  /** Undefined where nobody can know. */
  readonly dueMs: number | undefined;
}

/** Why the end of something cannot be seen. */
export type Blind =
  | { readonly kind: 'no-ack'; readonly worker: string; readonly queue: string }
  | {
      readonly kind: 'early-ack';
      readonly worker: string;
      readonly queue: string;
      readonly task: string;
      /** False: nobody told whether it does. */
      readonly isKnown: boolean;
    }
  | { readonly kind: 'not-understood'; readonly worker: string; readonly why: string };
