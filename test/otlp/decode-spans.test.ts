import { decodeJsonSpans } from '../../src/otlp/json/decode-spans.ts';
import { decodeProtobufSpans } from '../../src/otlp/protobuf/decode-spans.ts';
import { attribute, double, field, fixed64, ids, message, number, request, span } from './encode-protobuf.ts';

const whole = {
  traceId: ids.trace,
  spanId: ids.span,
  parentId: ids.parent,
  name: 'process',
  kind: 'consumer',
  startMs: 1_700_000_000_000.25,
  endMs: 1_700_000_000_012.5,
  isError: true,
  message: 'no such provider',
  attributes: [
    ['db.statement', 'INSERT'],
    ['retried', true],
    ['count', -3],
    ['share', 0.5],
    ['list', '["a", 2]'],
    ['map', '{"password": "x"}'],
    ['blob', '3 bytes'],
  ],
  service: 'shop',
};

const protobuf = request(
  span(
    field(4, Buffer.from(ids.parent, 'hex')),
    number(6, 5),
    fixed64(7, 1_700_000_000_000_250_000n),
    fixed64(8, 1_700_000_000_012_500_000n),
    attribute(9, 'db.statement', field(1, 'INSERT')),
    attribute(9, 'retried', number(2, 1)),
    attribute(9, 'count', number(3, -3n)),
    attribute(9, 'share', double(4, 0.5)),
    attribute(9, 'list', message(5, message(1, field(1, 'a')), message(1, number(3, 2)))),
    attribute(9, 'map', message(6, attribute(1, 'password', field(1, 'x')))),
    attribute(9, 'blob', field(7, 'abc')),
    message(15, field(2, 'no such provider'), number(3, 2)),
  ),
);

const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const json = {
  resourceSpans: [
    {
      resource: { attributes: [text('service.name', 'shop')] },
      scopeSpans: [
        {
          spans: [
            {
              traceId: ids.trace.toUpperCase(),
              spanId: ids.span,
              parentSpanId: ids.parent,
              name: 'process',
              kind: 5,
              startTimeUnixNano: '1700000000000250000',
              endTimeUnixNano: 1_700_000_000_012_500_000,
              attributes: [
                text('db.statement', 'INSERT'),
                { key: 'retried', value: { boolValue: true } },
                { key: 'count', value: { intValue: '-3' } },
                { key: 'share', value: { doubleValue: 0.5 } },
                { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: 2 }] } } },
                { key: 'map', value: { kvlistValue: { values: [text('password', 'x')] } } },
                { key: 'blob', value: { bytesValue: 'YWJj' } },
              ],
              status: { code: 2, message: 'no such provider' },
            },
          ],
        },
      ],
    },
  ],
};
const fromJson = (body: unknown) => decodeJsonSpans(Buffer.from(JSON.stringify(body)));

describe('decodeProtobufSpans()', () => {
  test('reads all of a span', () => {
    expect(decodeProtobufSpans(protobuf)).toEqual({ spans: [whole], leftOut: 0 });
  });

  test('passes over fields it does not know, groups among them', () => {
    const unknown = [
      number(200, 7),
      fixed64(201, 7n),
      field(202, 'new'),
      Buffer.concat([Buffer.from([0x1b]), field(5, 'in a group'), Buffer.from([0x1c])]),
      Buffer.from([16 * 8 + 5, 1, 2, 3, 4].flatMap(byte => (byte > 127 ? [byte, 1] : [byte]))),
    ];
    const { spans } = decodeProtobufSpans(Buffer.concat([...unknown, request(span(...unknown)), ...unknown]));
    expect(spans).toMatchObject([{ name: 'process', spanId: ids.span }]);
  });

  test('tells the exception of a span whose status says nothing', () => {
    const event = message(
      11,
      field(2, 'exception'),
      attribute(3, 'exception.message', field(1, 'out of stock')),
    );
    expect(decodeProtobufSpans(request(span(message(11, field(2, 'retry')), event))).spans).toMatchObject([
      { isError: false, message: 'out of stock' },
    ]);
  });

  test.each([
    ['a varint that is cut off', Buffer.from([0x0a, 0xff, 0xff])],
    ['a varint without an end', Buffer.alloc(20, 0xff)],
    ['a length beyond the end', Buffer.from([0x0a, 0x7f, 0])],
    ['a length of 2^63', Buffer.concat([Buffer.from([0x0a]), Buffer.from('ffffffffffffffff7f', 'hex')])],
    ['the field number 0', Buffer.from([0x02, 0x00])],
    ['the wire type 7', Buffer.from([0x0f])],
    ['the end of a group that has not begun', Buffer.from([0x0c])],
    ['a group without an end', Buffer.from([0x0b])],
    ['a span that is no message', request(field(2, 'text'))],
    ['eight bytes that are not there', request(message(2, Buffer.from([0x39, 1])))],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeProtobufSpans(bytes)).toThrow(expect.objectContaining({ name: 'MalformedBody' }));
  });

  test('counts what has no identifiers, and what is too much', () => {
    const nameless = message(2, field(1, Buffer.alloc(16)), field(2, Buffer.from(ids.span, 'hex')));
    expect(decodeProtobufSpans(request(nameless, span()))).toMatchObject({
      spans: [{ name: 'process' }],
      leftOut: 1,
    });
    const many = decodeProtobufSpans(request(...Array.from({ length: 10_005 }, () => span())));
    expect([many.spans.length, many.leftOut]).toEqual([10_000, 5]);
  });

  test('shows lists within lists only so deep', () => {
    let value = field(1, 'innermost');
    for (let depth = 0; depth < 1_000; depth += 1) value = message(5, message(1, value));
    const [{ attributes } = { attributes: [] }] = decodeProtobufSpans(
      request(span(attribute(9, 'deep', value))),
    ).spans;
    expect(attributes).toEqual([['deep', '[[[[[…]]]]]']]);
  });

  test('does not go through millions of fields', () => {
    const bytes = Buffer.alloc(3 * 1024 * 1024);
    for (let at = 0; at < bytes.length; at += 2) bytes[at] = 0x12;
    for (const body of [field(1, bytes), request(span(bytes)), field(1, field(2, bytes))])
      expect(() => decodeProtobufSpans(body)).toThrow('a message has more than 1000000 fields');
  });
});

describe('decodeJsonSpans()', () => {
  test('reads the same span', () => {
    expect(fromJson(json)).toEqual({ spans: [whole], leftOut: 0 });
  });

  test.each<[string, unknown]>([
    ['nothing', {}],
    ['null', null],
    ['lists that are none', { resourceSpans: { length: 3 } }],
    ['spans of other things', { resourceSpans: [null, 7, { scopeSpans: [{ spans: 'x' }, null] }] }],
  ])('takes %s for no spans', (_, body) => {
    expect(fromJson(body)).toEqual({ spans: [], leftOut: 0 });
  });

  test('counts a span without identifiers', () => {
    expect(fromJson({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: 'x' }, 5] }] }] })).toEqual({
      spans: [],
      leftOut: 2,
    });
  });

  test.each([
    ['what is no JSON', '{"resourceSpans": ['],
    ['a million brackets', '['.repeat(1_000_000)],
    ['millions of members', `[${'0,'.repeat(1_500_000)}0]`],
  ])('refuses %s', (_, body) => {
    expect(() => decodeJsonSpans(Buffer.from(body))).toThrow(
      expect.objectContaining({ name: 'MalformedBody' }),
    );
  });

  test('brackets in a text are text', () => {
    const name = `${'['.repeat(500)}"\\`;
    const one = { traceId: ids.trace, spanId: ids.span, name };
    expect(fromJson({ resourceSpans: [{ scopeSpans: [{ spans: [one] }] }] }).spans).toMatchObject([{ name }]);
  });
});
