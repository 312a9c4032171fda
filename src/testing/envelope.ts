import type { PublishOptions } from '../session/contract.ts';

const envelopeKey: unique symbol = Symbol.for('jest-environment-live-worker.envelope') as never;

/** What a framework puts around a message: `publish()` and `call()` take it for their content. */
export interface Envelope<Reply = unknown> {
  readonly [envelopeKey]: true;
  /** @param id of a call, which its answer has to name; undefined for what wants no answer */
  wrap(id: string | undefined): { readonly content: unknown; readonly options: PublishOptions };
  /** What one answer to a call says. */
  readReply(content: unknown): EnvelopeReply<Reply>;
  /** Why there may be no answer. */
  readonly silence: string;
}

export type EnvelopeReply<Reply> =
  | { readonly kind: 'value'; readonly value: Reply }
  | { readonly kind: 'error'; readonly summary: string; readonly error: unknown }
  /** Not the last one; `value` is undefined where it says nothing but that the work goes on. */
  | { readonly kind: 'more'; readonly value: Reply | undefined };

export function createEnvelope<Reply>(parts: Omit<Envelope<Reply>, typeof envelopeKey>): Envelope<Reply> {
  return { [envelopeKey]: true, ...parts };
}

export function isEnvelope(content: unknown): content is Envelope {
  return typeof content === 'object' && content !== null && envelopeKey in content;
}

/** The fields of what should be an object. */
export function fieldsOf(content: unknown): Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null
    ? (content as Readonly<Record<string, unknown>>)
    : {};
}
