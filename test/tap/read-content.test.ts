import { readContent } from '../../src/tap/amqp/read-content.ts';

const short = (text: string) => Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
const long = (size: number) => Buffer.from([0, 0, 0, size]);
const longText = (text: string) => Buffer.concat([Buffer.from('S'), long(text.length), Buffer.from(text)]);

function table(...fields: readonly (readonly [name: string, value: Buffer])[]): Buffer {
  const body = Buffer.concat(fields.flatMap(([name, value]) => [short(name), value]));
  return Buffer.concat([long(body.length), body]);
}

/** Class, weight and size of the body, the flags of the properties, the properties. */
function read(flags: number, ...properties: readonly Buffer[]) {
  const head = Buffer.from([0, 60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, flags >> 8, flags & 255]);
  const bytes = Buffer.concat([head, ...properties]);
  return readContent(bytes, 0, bytes.length);
}

test('the properties that tell a message from others, in the order they stand in', () => {
  const given = [short('text/plain'), table(), Buffer.of(2), short('corr'), short('500'), short('id')];
  expect(read(0b1011_0101_1000_0000, ...given)).toEqual({
    correlationId: 'corr',
    expirationMs: 500,
    messageId: 'id',
  });
  expect(read(0)).toEqual({});
});

test('headers, those between them passed by their lengths', () => {
  const deep = Buffer.concat([Buffer.from('F'), table(['x-delay', Buffer.from('I\0\0\0\x01')])]);
  const headers = table(
    ['deep', deep],
    ['flag', Buffer.from('t\x01')],
    ['none', Buffer.from('V')],
    ['x-delay', Buffer.from('I\0\0\x01\x00')],
    ['task', longText('ops.add')],
    ['lang', longText('py')],
    ['root_id', longText('r')],
    ['eta', longText('2026-01-01T00:00:00+00:00')],
  );
  expect(read(1 << 13, headers)).toEqual({
    delayMs: 256,
    task: 'ops.add',
    etaMs: Date.UTC(2026, 0, 1),
  });
});

test('a header of the name of Celery’s is none of Celery’s alone', () => {
  expect(read(1 << 13, table(['task', longText('mine')]))).toEqual({});
});

test.each([
  ['is cut off', read.bind(undefined, (1 << 14) | (1 << 7), short('utf-8'))],
  [
    'has a value of no known type',
    read.bind(undefined, (1 << 13) | (1 << 7), table(['a', Buffer.from('?')])),
  ],
])('a head that %s says what could be read of it, and never throws', (_, reading) => {
  expect(reading()).toEqual({});
});
