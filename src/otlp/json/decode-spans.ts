import { MalformedBody } from '../malformed.ts';
import { showValue } from '../show-value.ts';
import {
  errorStatus,
  type OtlpSpan,
  type SpanAttribute,
  type SpanBatch,
  spanKinds,
  spanLimits,
} from '../span.ts';
import { checkShape } from './check-shape.ts';

/**
 * The same in JSON: identifiers are hexadecimal digits, 64-bit numbers may be texts.
 *
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 *
 * @throws MalformedBody
 */
export function decodeJsonSpans(bytes: Uint8Array): SpanBatch {
  const spans: OtlpSpan[] = [];
  let leftOut = 0;
  for (const resourceSpans of listIn(parse(bytes), 'resourceSpans')) {
    const service = attributesIn(memberIn(resourceSpans, 'resource')).find(
      ([name]) => name === 'service.name',
    )?.[1];
    for (const given of listIn(resourceSpans, 'scopeSpans').flatMap(scope => listIn(scope, 'spans'))) {
      const span = spans.length + leftOut < spanLimits.spans ? toSpan(given) : undefined;
      if (span) spans.push(typeof service === 'string' ? { ...span, service } : span);
      else leftOut += 1;
    }
  }
  return { spans, leftOut };
}

function parse(bytes: Uint8Array): unknown {
  checkShape(bytes);
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
  } catch {
    throw new MalformedBody('it is no JSON');
  }
}

function toSpan(given: unknown): OtlpSpan | undefined {
  const traceId = identifierIn(given, 'traceId', 32);
  const spanId = identifierIn(given, 'spanId', 16);
  if (traceId === undefined || spanId === undefined) return undefined;
  const parentId = identifierIn(given, 'parentSpanId', 16);
  const kind = spanKinds[numberOf(memberIn(given, 'kind')) ?? 0];
  const status = memberIn(given, 'status');
  const message = textIn(status, 'message') ?? exceptionIn(given);
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentId }),
    name: textIn(given, 'name') ?? '',
    ...(kind === undefined ? {} : { kind }),
    startMs: msIn(given, 'startTimeUnixNano'),
    endMs: msIn(given, 'endTimeUnixNano'),
    isError: numberOf(memberIn(status, 'code')) === errorStatus,
    ...(message === undefined ? {} : { message }),
    attributes: attributesIn(given),
  };
}

function exceptionIn(span: unknown): string | undefined {
  const event = listIn(span, 'events').find(one => memberIn(one, 'name') === 'exception');
  const message = attributesIn(event).find(([name]) => name === 'exception.message')?.[1];
  return typeof message === 'string' ? message : undefined;
}

function attributesIn(owner: unknown): readonly SpanAttribute[] {
  return listIn(owner, 'attributes')
    .slice(0, spanLimits.attributes)
    .flatMap((pair): SpanAttribute[] => {
      const name = textIn(pair, 'key');
      const value = attributeValue(memberIn(pair, 'value'), 0);
      return name === undefined || value === undefined ? [] : [[name, value]];
    });
}

/** Of an AnyValue; a list or a map becomes a text that shows it. */
function attributeValue(given: unknown, depth: number): SpanAttribute[1] | undefined {
  const text = memberIn(given, 'stringValue');
  if (typeof text === 'string') return shortened(text);
  const flag = memberIn(given, 'boolValue');
  if (typeof flag === 'boolean') return flag;
  const number = numberOf(memberIn(given, 'intValue')) ?? numberOf(memberIn(given, 'doubleValue'));
  if (number !== undefined) return number;
  const blob = memberIn(given, 'bytesValue');
  if (typeof blob === 'string') return `${Math.floor((blob.length * 3) / 4)} bytes`;
  const list = memberIn(given, 'arrayValue') ?? memberIn(given, 'kvlistValue');
  if (list === undefined) return undefined;
  if (depth >= spanLimits.depth) return '…';
  const items = listIn(list, 'values').map(item => {
    const key = memberIn(item, 'key');
    const value = showValue(
      attributeValue(typeof key === 'string' ? memberIn(item, 'value') : item, depth + 1),
    );
    return typeof key === 'string' ? `${JSON.stringify(key)}: ${value}` : value;
  });
  return shortened(
    memberIn(given, 'arrayValue') === undefined ? `{${items.join(', ')}}` : `[${items.join(', ')}]`,
  );
}

function shortened(text: string): string {
  return text.length > spanLimits.text ? text.slice(0, spanLimits.text) : text;
}

function memberIn(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = memberIn(value, key);
  return Array.isArray(list) ? list : [];
}

function textIn(value: unknown, key: string): string | undefined {
  const text = memberIn(value, key);
  return typeof text === 'string' && text !== '' ? shortened(text) : undefined;
}

function identifierIn(value: unknown, key: string, digits: number): string | undefined {
  const text = memberIn(value, key);
  if (typeof text !== 'string' || text.length !== digits || !/^[\da-f]+$/i.test(text)) return undefined;
  return /^0+$/.test(text) ? undefined : text.toLowerCase();
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || !/^-?\d{1,20}$/.test(value)) return undefined;
  return Number(value);
}

function msIn(value: unknown, key: string): number {
  return (numberOf(memberIn(value, key)) ?? 0) / 1e6;
}
