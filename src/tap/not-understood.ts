/** Thrown within a reader by bytes that are not of its protocol; its reader makes an event of it. */
export class NotUnderstood extends Error {}

/** Reading stops here for good: the connection is a pipe from now on. */
export interface NotUnderstoodEvent {
  readonly kind: 'not-understood';
  /** What was there instead; never the bytes themselves. */
  readonly why: string;
}

/** Any throw within a reader is one more way not to understand. */
export function notUnderstood(error: unknown): NotUnderstoodEvent {
  const why = error instanceof NotUnderstood ? error.message : 'a message that ends too early';
  return { kind: 'not-understood', why };
}
