import { MethodFields } from '../amqp/method-fields.ts';
import type { MessageIds } from './effect.ts';

/** The head of a content, behind that of its frame: `class(2) weight(2) size(8) flags(2) properties`. */
export interface ContentHead {
  /** Octets of the content. */
  readonly size: number;
  readonly ids: MessageIds;
}

/** Properties in the order of their flags, from the highest bit down, up to the last that is read. */
const properties = [
  'short',
  'short',
  'table',
  'octet',
  'octet',
  'correlationId',
  'short',
  'short',
  'messageId',
] as const;
const highestFlag = 15;

/** @throws NotUnderstood */
export function readContentHead(bytes: Buffer, start: number, end: number): ContentHead {
  const fields = new MethodFields(bytes, start, end);
  fields.skip(4);
  const size = fields.longLong();
  const flags = fields.short();
  const ids: { messageId?: string; correlationId?: string } = {};
  properties.forEach((property, index) => {
    if ((flags & (1 << (highestFlag - index))) === 0) return;
    if (property === 'table') fields.skipLong();
    else if (property === 'octet') fields.skip(1);
    else {
      const text = fields.shortText();
      if (property !== 'short') ids[property] = text;
    }
  });
  return { size, ids };
}
