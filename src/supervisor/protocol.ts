import type { LiveWorkerErrorCode } from '../errors.ts';

/** Raised by every change of the messages below. A supervisor and a client of different versions do not talk further than `hello`. */
export const protocolVersion = 1;

/** What a client asks. Each is answered, or the end of the connection is the answer. */
export type Request =
  /** The first one of every connection; its answer alone is the same in all versions. */
  | { readonly kind: 'hello'; readonly version: string }
  /** The connection stands for a process or a thread of Jest from now on. */
  | { readonly kind: 'member'; readonly pid: number }
  | { readonly kind: 'runStarted'; readonly files: number }
  /** Answered when nothing the supervisor held is alive; it ends itself then. */
  | { readonly kind: 'runComplete' }
  | { readonly kind: 'ping' }
  | { readonly kind: 'status' };

/** The answers, by the kind of the request. */
export interface Answers {
  readonly hello:
    | { readonly kind: 'welcome' }
    | { readonly kind: 'otherVersion'; readonly version: string }
    /** It is about to end: wait for the end of the connection, then start another one. */
    | { readonly kind: 'ending' };
  readonly member: { readonly kind: 'done' };
  readonly runStarted: { readonly kind: 'done' };
  readonly runComplete: { readonly kind: 'over'; readonly problems: readonly ReportedError[] };
  readonly ping: { readonly kind: 'pong' };
  readonly status: Status;
}

export type Answer = Answers[keyof Answers];

/** What a supervisor says of itself. */
export interface Status {
  readonly kind: 'status';
  readonly pid: number;
  readonly version: string;
  /** The name of the run. */
  readonly run: string;
  /** Of the test files; undefined until Jest's reporter told. */
  readonly files?: number;
  /** The processes that hold a member connection; one with threads stands here once for each. */
  readonly members: readonly number[];
}

/** What a supervisor says unasked. */
export type Push =
  /** It ends, and why: the end of the connection that follows is no accident. */
  | { readonly kind: 'ending'; readonly why: string }
  /** What came over this connection is no message: it is closed. */
  | { readonly kind: 'refused'; readonly why: string };

/** An error on its way from one process to another. */
export interface ReportedError {
  /** Undefined for one that is none of ours. */
  readonly code?: LiveWorkerErrorCode;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A line from a client: the number comes back with the answer. */
export interface RequestFrame {
  readonly id: number;
  readonly request: Request;
}

/** A line from the supervisor. */
export type SupervisorFrame = { readonly id: number; readonly answer: Answer } | { readonly push: Push };
