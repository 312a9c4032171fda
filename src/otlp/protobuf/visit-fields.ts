import { MalformedBody } from '../malformed.ts';

/** Where the value of a field lies: of a text or a message its content, without the length before it. */
export type VisitField = (number: number, wire: Wire, from: number, to: number) => void;
export type Wire = (typeof wires)[keyof typeof wires];

/** How a value is written. */
export const wires = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;
const groups = { begin: 3, end: 4 } as const;

const longestVarint = 10;
/** Of one message; the biggest of an exporter has some thousands. */
const mostFields = 1_000_000;

/**
 * Goes through the fields of a message that lies in `bytes` between two places, in the order they come; nothing is copied. Groups,
 * which no message of today has, are passed over.
 *
 * Source: https://protobuf.dev/programming-guides/encoding
 *
 * @throws MalformedBody
 */
export function visitFields(bytes: Uint8Array, from: number, to: number, visit: VisitField): void {
  let at = from;
  let depth = 0;
  let fields = 0;
  while (at < to) {
    fields += 1;
    if (fields > mostFields) throw new MalformedBody(`a message has more than ${mostFields} fields`);
    const end = endOfVarint(bytes, at, to);
    const key = varintAt(bytes, at, end);
    const number = Math.floor(key / 8);
    const wire = key % 8;
    if (number === 0) throw new MalformedBody('a field has the number 0');
    let begin = end;
    switch (wire) {
      case wires.varint:
        at = endOfVarint(bytes, begin, to);
        break;
      case wires.fixed64:
        at = begin + 8;
        break;
      case wires.fixed32:
        at = begin + 4;
        break;
      case wires.bytes:
        begin = endOfVarint(bytes, end, to);
        at = begin + varintAt(bytes, end, begin);
        break;
      case groups.begin:
        depth += 1;
        at = end;
        continue;
      case groups.end:
        depth -= 1;
        if (depth < 0) throw new MalformedBody('a group ends that has not begun');
        at = end;
        continue;
      default:
        throw new MalformedBody(`a field has the wire type ${wire}`);
    }
    if (at > to) throw new MalformedBody('a field is longer than what it lies in');
    if (depth === 0) visit(number, wire as Wire, begin, at);
  }
  if (depth > 0) throw new MalformedBody('a group has no end');
}

/** @throws MalformedBody for one that is cut off or has no end */
function endOfVarint(bytes: Uint8Array, from: number, to: number): number {
  const last = Math.min(to, from + longestVarint);
  for (let at = from; at < last; at += 1) if ((bytes[at] as number) < 0x80) return at + 1;
  throw new MalformedBody(last === to ? 'a number is cut off' : 'a number has more than 10 bytes');
}

/** Exact up to 2^53; what is greater is near enough for a length that nothing has. */
export function varintAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0;
  for (let at = to - 1; at >= from; at -= 1) value = value * 128 + ((bytes[at] as number) & 0x7f);
  return value;
}
