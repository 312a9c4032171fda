import type { MessageProperties } from './amqp-event.ts';
import { type FieldValue, readTable } from './field-table.ts';
import { MethodFields } from './method-fields.ts';

/** Class, weight, size of the body, and which properties follow. */
export const smallestContentHead = 14;

/** By their bits, in the order they stand in: those of basic. */
const properties: readonly (readonly [bit: number, kind: 'text' | 'table' | 'octet', name: string])[] = [
  [15, 'text', 'contentType'],
  [14, 'text', 'contentEncoding'],
  [13, 'table', 'headers'],
  [12, 'octet', 'deliveryMode'],
  [11, 'octet', 'priority'],
  [10, 'text', 'correlationId'],
  [9, 'text', 'replyTo'],
  [8, 'text', 'expiration'],
  [7, 'text', 'messageId'],
];
type Headers = Readonly<Record<string, FieldValue>>;

const wantedHeaders = new Set(['x-delay', 'task', 'eta', 'lang', 'root_id']);

/**
 * What tells one message from others, and when it is due, of the head of a content. What cannot be read of it is left out: the frame
 * around it is whole all the same.
 */
export function readContent(bytes: Buffer, start: number, end: number): MessageProperties {
  const found: Record<string, string> = {};
  let headers: Headers = {};
  try {
    const fields = new MethodFields(bytes, start, end);
    fields.skip(smallestContentHead - 2);
    const flags = fields.short();
    for (const [bit, kind, name] of properties) {
      if ((flags & (1 << bit)) === 0) continue;
      if (kind === 'text') found[name] = fields.shortText();
      else if (kind === 'table') headers = readTable(fields, wantedHeaders);
      else fields.skip(1);
    }
  } catch {
    // Cut off, or not as it should be.
  }
  return {
    ...pick(found, 'messageId'),
    ...pick(found, 'correlationId'),
    ...numbered('expirationMs', found.expiration),
    ...numbered('delayMs', headers['x-delay']),
    ...(isOfCelery(headers) ? readTask(headers) : {}),
  };
}

/** Its message protocol, version 2; a header of the name `task` may be anybody's. */
function isOfCelery({ lang, root_id: root }: Headers): boolean {
  return typeof lang === 'string' && typeof root === 'string';
}

function readTask({ task, eta }: Headers): Pick<MessageProperties, 'task' | 'etaMs'> {
  return {
    ...(typeof task === 'string' ? { task } : {}),
    ...numbered('etaMs', typeof eta === 'string' ? Date.parse(eta) : undefined),
  };
}

function pick(found: Readonly<Record<string, string>>, name: 'messageId' | 'correlationId') {
  const value = found[name];
  return value === undefined ? {} : { [name]: value };
}

function numbered(name: string, value: FieldValue | undefined): Readonly<Record<string, number>> {
  const number = Number(value ?? Number.NaN);
  return Number.isFinite(number) ? { [name]: number } : {};
}
