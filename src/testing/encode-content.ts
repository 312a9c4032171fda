import { LiveWorkerError } from '../errors.ts';
import type { PublishOptions } from '../session/contract.ts';
import { isEnvelope } from './envelope.ts';

export interface EncodedContent {
  readonly body: Buffer;
  readonly options: PublishOptions;
}

export interface Encoding {
  /** Of every message of the handle. */
  readonly defaults: PublishOptions;
  readonly options: PublishOptions;
  /** Of a call. */
  readonly id?: string;
}

/** What a test gives, in bytes and properties: its own come before those of an envelope, and these before defaults. */
export function encodeContent(given: unknown, { defaults, options, id }: Encoding): EncodedContent {
  const { content, options: wrapping } = isEnvelope(given) ? given.wrap(id) : { content: given, options: {} };
  const { body, contentType } = toBytes(content);
  const headers = { ...defaults.headers, ...wrapping.headers, ...options.headers };
  return {
    body,
    options: {
      messageId: crypto.randomUUID(),
      ...(contentType === undefined ? {} : { contentType }),
      ...defaults,
      ...(id === undefined ? {} : { correlationId: id }),
      ...wrapping,
      ...options,
      ...(Object.keys(headers).length === 0 ? {} : { headers }),
    },
  };
}

function toBytes(content: unknown): { readonly body: Buffer; readonly contentType?: string } {
  if (typeof content === 'string') return { body: Buffer.from(content) };
  if (Buffer.isBuffer(content)) return { body: content };
  if (ArrayBuffer.isView(content))
    return { body: Buffer.from(content.buffer, content.byteOffset, content.byteLength) };
  return { body: Buffer.from(toJson(content)), contentType: 'application/json' };
}

/** @throws BROKER_REFUSED for what JSON has no form of: undefined, a function, a BigInt, a circle. */
function toJson(content: unknown): string {
  try {
    const json = JSON.stringify(content);
    if (json !== undefined) return json;
  } catch (error) {
    throw notJson(content, `: ${(error as Error).message.split('\n', 1)[0]}`);
  }
  throw notJson(content);
}

function notJson(content: unknown, why = ''): LiveWorkerError {
  return new LiveWorkerError(
    'BROKER_REFUSED',
    `Cannot publish ${typeof content}: it has no form in JSON${why}\nGive a text, a Buffer, or what JSON can hold`,
  );
}
