import type { MethodFields } from './method-fields.ts';

/** What is read of a table: its names with their values, nested ones left out. */
export type FieldValue = string | number | boolean;

/** Octets of the values that have one length. */
const sizes: Readonly<Record<string, number>> = {
  ...{ t: 1, b: 1, B: 1 },
  ...{ U: 2, s: 2, u: 2 },
  ...{ I: 4, i: 4, f: 4 },
  ...{ L: 8, l: 8, d: 8, T: 8 },
  ...{ D: 5, V: 0 },
};
const withLength = new Set(['A', 'F', 'x']);

/**
 * Reads the wanted names of a table, and skips the others by their lengths, however deep they are.
 *
 * Source: RabbitMQ, "AMQP 0-9-1 Errata", section 3, field types.
 *
 * @throws NotUnderstood
 */
export function readTable(
  fields: MethodFields,
  wanted: ReadonlySet<string>,
): Readonly<Record<string, FieldValue>> {
  const end = fields.long() + fields.at;
  const found: Record<string, FieldValue> = {};
  while (fields.at < end) {
    const name = fields.shortText();
    const value = readValue(fields, wanted.has(name));
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function readValue(fields: MethodFields, isWanted: boolean): FieldValue | undefined {
  const type = fields.text(1);
  if (type === 'S' && isWanted) return fields.text(fields.long());
  if (type === 'S' || withLength.has(type)) {
    fields.skipLong();
    return undefined;
  }
  const size = sizes[type];
  if (size === undefined) throw fields.notUnderstood(`a table with a value of type "${type}"`);
  if (isWanted && type === 't') return fields.octet() !== 0;
  if (isWanted && 'bBUsuIiLl'.includes(type)) return fields.integer(size);
  fields.skip(size);
  return undefined;
}
