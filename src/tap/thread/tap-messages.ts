import type { MessagePort } from 'node:worker_threads';
import type { TapReading } from '../flow/tap-reading.ts';
import type { HoldAnswers, HoldQuestion, Reached } from '../hold/hold-messages.ts';
import type { Upstream } from '../proxy/upstream.ts';

/** What the thread of a tap is started with. */
export interface TapThreadData {
  /** Where sights are sent, to be taken from there without a turn of the event loop. */
  readonly sights: MessagePort;
  /** One Int32: counts the sights that were sent. */
  readonly sent: SharedArrayBuffer;
}

/** Told by the owner of a tap. */
export type TapOrder =
  | { readonly kind: 'listen'; readonly upstream: Upstream }
  | { readonly kind: 'begin-launch' }
  | { readonly kind: 'look' }
  /** By the clock of the machine. */
  | { readonly kind: 'begin-test'; readonly atMs: number }
  /** @see Journal.read */
  | { readonly kind: 'read'; readonly question: number; readonly after: number }
  /** Is answered, by its number. */
  | { readonly kind: 'hold'; readonly number: number; readonly question: HoldQuestion };

/** Told by its thread. */
export type TapReport =
  | { readonly kind: 'listening'; readonly key: string; readonly port: number }
  | { readonly kind: 'not-listening'; readonly key: string; readonly why: string }
  | { readonly kind: 'reading'; readonly question: number; readonly reading: TapReading }
  /** A connection has become a pipe. */
  | { readonly kind: 'not-understood'; readonly key: string; readonly why: string }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: HoldAnswers[keyof HoldAnswers] }
  /** The point of a watch was reached. */
  | { readonly kind: 'reached'; readonly watch: number; readonly reached: Reached };
