import { NotUnderstood } from '../not-understood.ts';

/** Of a statement or message of the server, in bytes. */
const longestText = 1_000;

/** The body of a message as it begins; what is longer than what is kept of it was cut. */
export interface MessageBody {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
}

/** A number of four octets, `offset` behind the beginning. @throws NotUnderstood */
export function readLong({ bytes, start, end }: MessageBody, offset = 0): number {
  if (start + offset + 4 > end) throw new NotUnderstood('a message that is shorter than its fields');
  return bytes.readUInt32BE(start + offset);
}

/** The text up to the next NUL, or as much of it as is kept, and where the one behind it begins. */
export function readText({ bytes, start, end }: MessageBody): {
  readonly text: string;
  readonly next: number;
} {
  const zero = bytes.indexOf(0, start);
  const stop = zero === -1 || zero > end ? end : zero;
  return { text: bytes.toString('utf8', start, Math.min(stop, start + longestText)), next: stop + 1 };
}

/** Several of them, one behind the other. */
export function readTexts(body: MessageBody, count: number): readonly string[] {
  const texts: string[] = [];
  for (let start = body.start; texts.length < count; ) {
    const { text, next } = readText({ ...body, start: Math.min(start, body.end) });
    texts.push(text);
    start = next;
  }
  return texts;
}
