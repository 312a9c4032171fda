import fc from 'fast-check';
import { decodeJsonSpans } from '../../src/otlp/json/decode-spans.ts';
import { MalformedBody } from '../../src/otlp/malformed.ts';
import { decodeProtobufSpans } from '../../src/otlp/protobuf/decode-spans.ts';
import type { SpanBatch } from '../../src/otlp/span.ts';
import { attribute, field, fixed64, message, number, request, span } from './encode-protobuf.ts';

const real = request(
  span(
    number(6, 5),
    fixed64(7, 1n),
    attribute(9, 'list', message(5, message(1, field(1, 'a')))),
    message(11, field(2, 'exception'), attribute(3, 'exception.message', field(1, 'x'))),
    message(15, field(2, 'no'), number(3, 2)),
  ),
);

/** Either spans that are whole, or the one error that says why not. */
function decodes(decode: (bytes: Uint8Array) => SpanBatch, bytes: Uint8Array): void {
  let batch: SpanBatch;
  try {
    batch = decode(bytes);
  } catch (error) {
    if (error instanceof MalformedBody) return;
    throw error;
  }
  for (const { traceId, spanId, name, startMs, endMs, attributes } of batch.spans) {
    expect(traceId).toMatch(/^[\da-f]{32}$/);
    expect(spanId).toMatch(/^[\da-f]{16}$/);
    expect(typeof name).toBe('string');
    expect([startMs, endMs].every(Number.isFinite)).toBe(true);
    expect(attributes.every(pair => pair.length === 2)).toBe(true);
  }
}

test('any bytes are spans or malformed', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), bytes => decodes(decodeProtobufSpans, bytes)),
    { numRuns: 5_000 },
  );
});

test('a real request with some bytes changed, cut out or put in is spans or malformed', () => {
  const change = fc.record({
    at: fc.nat(real.length - 1),
    drop: fc.nat(3),
    insert: fc.uint8Array({ maxLength: 12 }),
  });
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), changes => {
      const bytes = changes.reduce(
        (whole, { at, drop, insert }) =>
          Buffer.concat([whole.subarray(0, at), Buffer.from(insert), whole.subarray(at + drop)]),
        real,
      );
      decodes(decodeProtobufSpans, bytes);
    }),
    { numRuns: 5_000 },
  );
});

test('any JSON is spans or malformed', () => {
  const part: fc.Arbitrary<unknown> = fc.letrec(tie => ({
    value: fc.oneof(
      { maxDepth: 7 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          ...['resourceSpans', 'resource', 'scopeSpans', 'spans', 'attributes', 'key', 'value', 'events'],
          ...['traceId', 'spanId', 'status', 'code', 'kvlistValue', 'arrayValue', 'values', '__proto__'],
        ),
        tie('value'),
        { maxKeys: 4 },
      ),
    ),
  })).value;
  fc.assert(
    fc.property(part, body => decodes(decodeJsonSpans, Buffer.from(JSON.stringify(body)))),
    { numRuns: 2_000 },
  );
});
