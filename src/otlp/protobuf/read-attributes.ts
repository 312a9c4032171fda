import { showValue } from '../show-value.ts';
import { type SpanAttribute, spanLimits } from '../span.ts';
import { Message, type Place } from './message.ts';
import { visitFields, wires } from './visit-fields.ts';

type Value = SpanAttribute[1];

/** Collects KeyValues, as long as there are not too many. */
export function readAttribute(bytes: Uint8Array, place: Place, attributes: SpanAttribute[]): void {
  if (attributes.length >= spanLimits.attributes) return;
  const { name, value } = readPair(bytes, place, 0);
  if (name !== '' && value !== undefined) attributes.push([name, value]);
}

function readPair(
  bytes: Uint8Array,
  place: Place,
  depth: number,
): { readonly name: string; readonly value: Value | undefined } {
  const pair = new Message(bytes, place);
  const value = pair.place(2);
  return { name: pair.text(1), value: value && readValue(bytes, value, depth) };
}

/** An AnyValue: of a list or a map a text that shows it. */
function readValue(bytes: Uint8Array, place: Place, depth: number): Value | undefined {
  const given = new Message(bytes, place);
  if (given.place(1)) return given.text(1);
  const flag = given.varint(2);
  if (flag !== undefined) return flag !== 0;
  const list = given.place(5);
  if (list) return `[${readItems(bytes, list, depth, item => showValue(readValue(bytes, item, depth + 1)))}]`;
  const map = given.place(6);
  if (map) return `{${readItems(bytes, map, depth, item => showPair(readPair(bytes, item, depth + 1)))}}`;
  const blob = given.place(7);
  if (blob) return `${blob.to - blob.from} bytes`;
  return given.int64(3) ?? given.double(4);
}

/** Those of an ArrayValue or a KeyValueList, in words. */
function readItems(
  bytes: Uint8Array,
  { from, to }: Place,
  depth: number,
  read: (place: Place) => string,
): string {
  if (depth >= spanLimits.depth) return '…';
  const items: string[] = [];
  let length = 0;
  visitFields(bytes, from, to, (number, wire, begin, end) => {
    if (number !== 1 || wire !== wires.bytes || length > spanLimits.text) return;
    const item = read({ from: begin, to: end });
    length += item.length + 2;
    items.push(item);
  });
  return items.join(', ');
}

function showPair({ name, value }: ReturnType<typeof readPair>): string {
  return `${JSON.stringify(name)}: ${showValue(value)}`;
}
