import { shapeOf } from './statement.ts';

/** What a worker does that others see, or is sent: at one of these it may crash. */
export interface Effect {
  readonly kind: EffectKind;
  /** Of an `ack`: how the message was given back. */
  readonly how?: 'ack' | 'nack' | 'reject';
  /** It comes from, or came from. */
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly redelivered?: boolean;
  /** What is committed: those that write, as far as they are known. */
  readonly statements?: readonly string[];
  /** It is no effect before the service has answered so. */
  readonly answer?: Answer;
  /** Known when its head was read. */
  ids?: MessageIds;
  /** Of the content, when all of it has passed. */
  digest?: string;
}

export type EffectKind = 'deliver' | 'publish' | 'commit' | 'ack';

/** The broker's confirm of a publication, or the answer of a database behind that it is ready. */
export type Answer =
  | { readonly kind: 'confirm'; readonly channel: number; readonly number: number }
  | { readonly kind: 'ready'; readonly count: number };

/** What a message is told from others by. */
export interface MessageIds {
  readonly messageId?: string;
  readonly correlationId?: string;
}

/** An effect as it is told: without values of statements, without contents. */
export interface EffectSight extends MessageIds {
  readonly kind: EffectKind;
  readonly how?: 'ack' | 'nack' | 'reject';
  readonly queue?: string;
  readonly exchange?: string;
  readonly routingKey?: string;
  readonly redelivered?: boolean;
  /** Each with `?` for its values. */
  readonly statements?: readonly string[];
}

export function effectSight({ answer: _, ids, digest: __, statements, ...effect }: Effect): EffectSight {
  return { ...effect, ...ids, ...(statements ? { statements: statements.map(shapeOf) } : {}) };
}

const background = /(^|\.)(celeryev|pidbox)(\.|$)/;

/** What Celery's workers tell each other; it is none of a test's business. */
export function isBackground({ queue = '', exchange = '' }: Pick<Effect, 'queue' | 'exchange'>): boolean {
  return background.test(queue) || background.test(exchange);
}
