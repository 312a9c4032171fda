import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AmqpEvent, Side } from '../../src/tap/amqp/amqp-event.ts';
import { AmqpReader } from '../../src/tap/amqp/amqp-reader.ts';
import type { PostgresEvent } from '../../src/tap/postgres/postgres-event.ts';
import { PostgresReader } from '../../src/tap/postgres/postgres-reader.ts';

export interface Piece {
  readonly from: Side;
  readonly bytes: Buffer;
}

type Event = AmqpEvent | PostgresEvent;
/** One connection's reader, whatever the protocol. */
export type Read = (piece: Piece) => readonly Event[];

export const amqpRecordings = ['amqplib', 'pika', 'py-amqp'];
export const postgresRecordings = ['node-pg', 'psycopg2'];

export function readRecording(name: string): readonly Piece[] {
  const text = readFileSync(join(__dirname, 'recordings', `${name}.ndjson`), 'utf8');
  return text
    .trim()
    .split('\n')
    .map(line => JSON.parse(line))
    .map(({ from, bytes }) => ({ from, bytes: Buffer.from(bytes, 'base64') }));
}

/** What a recording is to be read as, a line each. */
export function expectedEvents(name: string): readonly string[] {
  return readFileSync(join(__dirname, 'recordings', `${name}.events`), 'utf8')
    .trim()
    .split('\n');
}

export function readerOf(name: string): Read {
  if (postgresRecordings.includes(name)) {
    const reader = new PostgresReader();
    return ({ from, bytes }) => (from === 'client' ? reader.fromClient(bytes) : reader.fromServer(bytes));
  }
  const readers = { client: new AmqpReader('client'), server: new AmqpReader('server') };
  return ({ from, bytes }) => readers[from].read(bytes);
}

export function describeEvents(pieces: readonly Piece[], read: Read): readonly string[] {
  return pieces.flatMap(piece => read(piece).map(event => describeEvent(piece.from, event)));
}

/** `server deliver channel=1 consumer="c" …` */
export function describeEvent(from: Side, { kind, ...fields }: Event): string {
  const named = Object.entries(fields).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [from, kind, ...named].join(' ');
}

/** All that one side sent. */
export function bytesOf(pieces: readonly Piece[], from: Side): Buffer {
  return Buffer.concat(pieces.filter(piece => piece.from === from).map(({ bytes }) => bytes));
}
