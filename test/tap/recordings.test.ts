import {
  amqpRecordings,
  bytesOf,
  describeEvents,
  expectedEvents,
  type Piece,
  postgresRecordings,
  readerOf,
  readRecording,
} from './read-recording.ts';

const names = [...amqpRecordings, ...postgresRecordings];

test.each(names)('what %s and its server said is read as it was meant', name => {
  expect(describeEvents(readRecording(name), readerOf(name))).toEqual(expectedEvents(name));
});

test.each(names)('%s is read alike wherever the stream of either side is cut in two', name => {
  const [client, server] = sidesOf(name);
  const whole = describeEvents([client, server], readerOf(name));
  for (let at = 0; at <= client.bytes.length; at += 1)
    expect(describeEvents([...cut(client, at), server], readerOf(name))).toEqual(whole);
  for (let at = 0; at <= server.bytes.length; at += 1)
    expect(describeEvents([client, ...cut(server, at)], readerOf(name))).toEqual(whole);
});

test.each(names)('%s is read alike octet by octet', name => {
  const [client, server] = sidesOf(name);
  const octets = [...octetsOf(client), ...octetsOf(server)];
  expect(describeEvents(octets, readerOf(name))).toEqual(describeEvents([client, server], readerOf(name)));
});

test.each(names)('nothing of %s is changed by reading it', name => {
  const pieces = readRecording(name);
  describeEvents(pieces, readerOf(name));
  expect(pieces).toEqual(readRecording(name));
});

function sidesOf(name: string): readonly [Piece, Piece] {
  const pieces = readRecording(name);
  return [
    { from: 'client', bytes: bytesOf(pieces, 'client') },
    { from: 'server', bytes: bytesOf(pieces, 'server') },
  ];
}

function cut({ from, bytes }: Piece, at: number): readonly Piece[] {
  return [
    { from, bytes: bytes.subarray(0, at) },
    { from, bytes: bytes.subarray(at) },
  ];
}

function octetsOf({ from, bytes }: Piece): readonly Piece[] {
  return [...bytes].map(octet => ({ from, bytes: Buffer.of(octet) }));
}
