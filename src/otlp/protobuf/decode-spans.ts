import {
  errorStatus,
  type OtlpSpan,
  type SpanAttribute,
  type SpanBatch,
  spanKinds,
  spanLimits,
} from '../span.ts';
import { Message, type Place } from './message.ts';
import { readAttribute } from './read-attributes.ts';
import { visitFields, wires } from './visit-fields.ts';

/**
 * The spans of an ExportTraceServiceRequest; fields it does not know are passed over.
 *
 * Source: https://github.com/open-telemetry/opentelemetry-proto, trace/v1/trace.proto: no package of npm decodes requests.
 *
 * @throws MalformedBody
 */
export function decodeProtobufSpans(bytes: Uint8Array): SpanBatch {
  const spans: OtlpSpan[] = [];
  let leftOut = 0;
  visitMessages(bytes, { from: 0, to: bytes.length }, 1, resourceSpans => {
    const service = readService(bytes, resourceSpans);
    visitMessages(bytes, resourceSpans, 2, scopeSpans =>
      visitMessages(bytes, scopeSpans, 2, place => {
        const span = spans.length + leftOut < spanLimits.spans ? readSpan(bytes, place) : undefined;
        if (span) spans.push(service === undefined ? span : { ...span, service });
        else leftOut += 1;
      }),
    );
  });
  return { spans, leftOut };
}

function visitMessages(
  bytes: Uint8Array,
  { from, to }: Place,
  wanted: number,
  visit: (place: Place) => void,
): void {
  visitFields(bytes, from, to, (number, wire, begin, end) => {
    if (number === wanted && wire === wires.bytes) visit({ from: begin, to: end });
  });
}

function readService(bytes: Uint8Array, resourceSpans: Place): string | undefined {
  const resource = new Message(bytes, resourceSpans).place(1);
  const attributes: SpanAttribute[] = [];
  if (resource) visitMessages(bytes, resource, 1, place => readAttribute(bytes, place, attributes));
  const value = attributes.find(([name]) => name === 'service.name')?.[1];
  return typeof value === 'string' ? value : undefined;
}

/** Undefined for one without the identifiers a span must have. */
function readSpan(bytes: Uint8Array, place: Place): OtlpSpan | undefined {
  const attributes: SpanAttribute[] = [];
  const events: Place[] = [];
  const span = new Message(bytes, place, (number, part) => {
    if (number === 9) readAttribute(bytes, part, attributes);
    if (number === 11 && events.length < spanLimits.attributes) events.push(part);
  });
  const traceId = span.identifier(1, 16);
  const spanId = span.identifier(2, 8);
  if (traceId === undefined || spanId === undefined) return undefined;
  const parentId = span.identifier(4, 8);
  const kind = spanKinds[span.varint(6) ?? 0];
  const stated = span.place(15);
  const status = stated && new Message(bytes, stated);
  const message = status?.text(2) || readException(bytes, events);
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentId }),
    name: span.text(5),
    ...(kind === undefined ? {} : { kind }),
    startMs: span.nanoseconds(7),
    endMs: span.nanoseconds(8),
    isError: status?.varint(3) === errorStatus,
    ...(message === undefined ? {} : { message }),
    attributes,
  };
}

/** The message of the first event that is called `exception`. */
function readException(bytes: Uint8Array, events: readonly Place[]): string | undefined {
  const place = events.find(event => new Message(bytes, event).text(2) === 'exception');
  const attributes: SpanAttribute[] = [];
  if (place) visitMessages(bytes, place, 3, part => readAttribute(bytes, part, attributes));
  const message = attributes.find(([name]) => name === 'exception.message')?.[1];
  return typeof message === 'string' ? message : undefined;
}
