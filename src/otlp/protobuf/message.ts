import { spanLimits } from '../span.ts';
import { varintAt, visitFields, type Wire, wires } from './visit-fields.ts';

const utf8 = new TextDecoder();
/** No message of OTLP has a field with a higher number that is looked at. */
const highest = 15;

/** A message in place: of a field that comes more than once the last one counts, and is read when it is asked for. */
export class Message {
  readonly bytes: Uint8Array;
  readonly #places = new Map<number, { wire: Wire; from: number; to: number }>();

  /** @param each hears of every field whose value is a text or a message. @throws MalformedBody */
  constructor(
    bytes: Uint8Array,
    { from, to }: Place,
    each: (number: number, place: Place) => void = () => {},
  ) {
    this.bytes = bytes;
    visitFields(bytes, from, to, (number, wire, begin, end) => {
      if (number > highest) return;
      const place = this.#places.get(number);
      if (place) Object.assign(place, { wire, from: begin, to: end });
      else this.#places.set(number, { wire, from: begin, to: end });
      if (wire === wires.bytes) each(number, { from: begin, to: end });
    });
  }

  /** Where the content of a text or a message lies. */
  place(number: number, wire: Wire = wires.bytes): Place | undefined {
    const place = this.#places.get(number);
    return place?.wire === wire ? place : undefined;
  }

  /** Not more of it than is looked at; empty where there is none. */
  text(number: number): string {
    const place = this.place(number);
    if (!place) return '';
    return utf8.decode(this.bytes.subarray(place.from, Math.min(place.to, place.from + spanLimits.text)));
  }

  /** An identifier of so many bytes in hexadecimal digits; undefined for another length, and for zeros. */
  identifier(number: number, length: number): string | undefined {
    const place = this.place(number);
    if (!place || place.to - place.from !== length) return undefined;
    const part = this.bytes.subarray(place.from, place.to);
    if (part.every(byte => byte === 0)) return undefined;
    return Buffer.from(part.buffer, part.byteOffset, part.byteLength).toString('hex');
  }

  /** Undefined where there is none. */
  varint(number: number): number | undefined {
    const place = this.place(number, wires.varint);
    return place && varintAt(this.bytes, place.from, place.to);
  }

  /** Two's complement in 64 bits; exact as far as a number of JavaScript is. */
  int64(number: number): number | undefined {
    const place = this.place(number, wires.varint);
    if (!place) return undefined;
    const { from, to } = place;
    if (to - from < 10) return varintAt(this.bytes, from, to);
    let value = 0n;
    for (let at = to - 1; at >= from; at -= 1)
      value = (value << 7n) | BigInt((this.bytes[at] as number) & 0x7f);
    return Number(BigInt.asIntN(64, value));
  }

  double(number: number): number | undefined {
    return this.#view(number)?.getFloat64(0, true);
  }

  /** Nanoseconds, in milliseconds; 0 where there are none. */
  nanoseconds(number: number): number {
    const view = this.#view(number);
    return view ? (view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true)) / 1e6 : 0;
  }

  #view(number: number): DataView | undefined {
    const place = this.place(number, wires.fixed64);
    return place && new DataView(this.bytes.buffer, this.bytes.byteOffset + place.from, 8);
  }
}

/** A part of the bytes. */
export interface Place {
  readonly from: number;
  readonly to: number;
}
