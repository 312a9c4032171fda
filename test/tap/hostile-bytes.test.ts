import fc from 'fast-check';
import { AmqpReader } from '../../src/tap/amqp/amqp-reader.ts';
import { PostgresReader } from '../../src/tap/postgres/postgres-reader.ts';
import { amqpRecordings, type Piece, postgresRecordings, readerOf, readRecording } from './read-recording.ts';

const header = Buffer.from('AMQP\0\0\x09\x01', 'latin1');

test.each([
  ['no AMQP', Buffer.from('GET / HTTP/1.1'), /no AMQP/],
  ['a TLS hello', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 252]), /no AMQP/],
  ['AMQP 1.0', Buffer.from('AMQP\0\x01\0\0', 'latin1'), /AMQP 1-0-0/],
  ['an unknown frame', after(frame(4, Buffer.alloc(4))), /type 4/],
  ['a method without length', after(frame(1, Buffer.alloc(0))), /method of 0 bytes/],
  ['a frame of 2^31 bytes', after(Buffer.from([3, 0, 1, 0x80, 0, 0, 0])), /2147483648/],
  ['a wrong end', after(Buffer.from([8, 0, 0, 0, 0, 0, 0, 0xcd])), /octet 205/],
  ['a text longer than its method', after(method(10, 40, Buffer.from([255, 1, 2]))), /shorter/],
  ['a table longer than its method', after(method(10, 11, Buffer.from([255, 255, 255, 255]))), /shorter/],
])('AMQP: %s is said once, and what follows is not read', (_, bytes, why) => {
  const reader = new AmqpReader('client');
  const events = [...reader.read(bytes), ...reader.read(header), ...reader.read(bytes)];
  expect(events.filter(({ kind }) => kind === 'not-understood')).toEqual([
    { kind: 'not-understood', why: expect.stringMatching(why) },
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'not-understood' });
});

test('AMQP: tables as deep as they like are passed by their length', () => {
  let table = Buffer.alloc(0);
  for (let depth = 0; depth < 500; depth += 1)
    table = Buffer.concat([Buffer.from('\x01aF'), long(table.length), table]);
  const login = [long(table.length), table, short('PLAIN'), long(12), Buffer.from('\0user\0secret')];
  const events = new AmqpReader('client').read(after(method(10, 11, Buffer.concat(login))));
  expect(events[1]).toEqual({ kind: 'login', mechanism: 'PLAIN', user: 'user' });
  expect(JSON.stringify(events)).not.toContain('secret');
});

test.each([
  ['nothing of Postgres', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /no Postgres protocol/],
  ['a startup without length', long(0), /no Postgres protocol/],
  ['a startup of 2^31 bytes', long(2 ** 31), /no Postgres protocol/],
  ['version 2', Buffer.concat([long(8), long(131_072)]), /no Postgres protocol/],
  ['a short cancel request', Buffer.concat([long(8), long(80_877_102)]), /shorter/],
  ['replication', startup('replication\0database\0\0'), /replication/],
  ['an unknown tag', Buffer.concat([startup('user\0u\0\0'), Buffer.from('z\0\0\0\x04')]), /tag 122/],
  ['a length of 0', Buffer.concat([startup('user\0u\0\0'), Buffer.from('Q\0\0\0\0')]), /0 bytes/],
  ['2^31 bytes', Buffer.concat([startup('user\0u\0\0'), Buffer.from([0x51, 128, 0, 0, 0])]), /2147483648/],
])('Postgres: %s is said once, and what follows is not read', (_, bytes, why) => {
  const reader = new PostgresReader();
  const events = [...reader.fromClient(bytes), ...reader.fromClient(bytes), ...reader.fromServer(bytes)];
  expect(events.filter(({ kind }) => kind === 'not-understood')).toEqual([
    { kind: 'not-understood', why: expect.stringMatching(why) },
  ]);
  expect(events.at(-1)).toMatchObject({ kind: 'not-understood' });
});

test('Postgres: what follows an accepted encryption is not read', () => {
  const reader = new PostgresReader();
  reader.fromClient(Buffer.concat([long(8), long(80_877_103)]));
  expect(reader.fromServer(Buffer.from('S'))).toEqual([
    { kind: 'not-understood', why: 'an encrypted connection' },
  ]);
});

const pieces = fc.array(
  fc.record({
    from: fc.constantFrom('client' as const, 'server' as const),
    bytes: fc.uint8Array({ maxLength: 64 }).map(bytes => Buffer.from(bytes)),
  }),
  { maxLength: 12 },
);

test.each(['amqplib', 'node-pg'])('random bytes never make the reader of %s throw', name => {
  fc.assert(
    fc.property(pieces, given => expectToStopOnce(name, given)),
    { numRuns: 500 },
  );
});

test.each([...amqpRecordings, ...postgresRecordings])(
  '%s with octets changed at random never throws',
  name => {
    const recorded = readRecording(name);
    const change = fc.record({ piece: fc.nat(recorded.length - 1), at: fc.nat(300), octet: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), changes => {
        const given = recorded.map(({ from, bytes }) => ({ from, bytes: Buffer.from(bytes) }));
        for (const { piece, at, octet } of changes) {
          const { bytes } = given[piece] as Piece;
          bytes[at % bytes.length] = octet;
        }
        expectToStopOnce(name, given);
      }),
      { numRuns: 300 },
    );
  },
);

test('a method, a statement and a row of 200 MB leave nothing in memory', () => {
  const piece = Buffer.alloc(65_536);
  const size = 200_000_000;
  const amqp = new AmqpReader('client');
  amqp.read(Buffer.concat([header, Buffer.from([1, 0, 1]), long(size)]));
  const statement = new PostgresReader();
  statement.fromClient(Buffer.concat([startup('user\0u\0\0'), Buffer.from('Q'), long(size)]));
  const row = new PostgresReader();
  row.fromServer(Buffer.concat([Buffer.from('D'), long(size)]));
  const before = process.memoryUsage().arrayBuffers;
  for (let sent = 0; sent < size - piece.length; sent += piece.length) {
    amqp.read(piece);
    statement.fromClient(piece);
    row.fromServer(piece);
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
});

/** AMQP reads each side on its own, so each may stop once. */
function expectToStopOnce(name: string, given: readonly Piece[]): void {
  const read = readerOf(name);
  const events = given.flatMap(piece => read(piece).map(event => ({ from: piece.from, kind: event.kind })));
  for (const from of ['client', 'server'] as const) {
    const own = events.filter(event => event.from === from).map(({ kind }) => kind);
    expect(own.slice(0, -1)).not.toContain('not-understood');
  }
}

function after(bytes: Buffer): Buffer {
  return Buffer.concat([header, bytes]);
}

function frame(type: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([type, 0, 0]), long(payload.length), payload, Buffer.from([0xce])]);
}

function method(classId: number, id: number, fields: Buffer): Buffer {
  return frame(1, Buffer.concat([Buffer.from([0, classId, 0, id]), fields]));
}

function startup(parameters: string): Buffer {
  const body = Buffer.concat([long(196_608), Buffer.from(parameters)]);
  return Buffer.concat([long(body.length + 4), body]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function short(text: string): Buffer {
  return Buffer.concat([Buffer.of(text.length), Buffer.from(text)]);
}
