import type { MessageDeath, ReceivedMessage } from '../session/contract.ts';
import { decodeText, parseJson } from './decode-text.ts';

/** A message as a test reads it. */
export interface RabbitmqMessage<Content = unknown> {
  /**
   * What `body` says: parsed where its content type is JSON, or where it has none and looks like an object or an array of
   * JSON; else text, or the Buffer itself where it is no text.
   */
  readonly content: Content;
  /** As it came. */
  readonly body: Buffer;
  readonly exchange: string;
  readonly routingKey: string;
  /** True when it was given out before, to a worker or to `peek()`. */
  readonly redelivered: boolean;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Such as `correlationId`, `messageId`, `contentType`. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Its header `x-death`: where it was dead-lettered, the last time first. */
  readonly deaths: readonly MessageDeath[];
}

export function toMessage<Content>({ content: body, ...rest }: ReceivedMessage): RabbitmqMessage<Content> {
  const { headers = {}, ...properties } = rest.properties;
  return {
    ...rest,
    body,
    content: decode(body, properties) as Content,
    headers: headers as Readonly<Record<string, unknown>>,
    properties,
  };
}

function decode(body: Buffer, { contentType, contentEncoding }: Readonly<Record<string, unknown>>): unknown {
  if (typeof contentEncoding === 'string' && !/^(utf-?8|us-ascii|binary)?$/i.test(contentEncoding))
    return body;
  const text = body.toString();
  if (text.includes('\ufffd')) return body;
  if (contentType === undefined) return decodeText(text);
  return /\bjson\b/i.test(String(contentType)) ? parseJson(text) : text;
}
