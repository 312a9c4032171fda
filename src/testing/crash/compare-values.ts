/** The same data with another text for the key of its run. */
export function withoutKey(value: unknown, key: string): unknown {
  if (typeof value === 'string') return value.replaceAll(key, '<key>');
  if (Array.isArray(value)) return value.map(item => withoutKey(item, key));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name.replaceAll(key, '<key>'), withoutKey(item, key)]),
  );
}

/** Same structure, same values. */
export function isSame(one: unknown, other: unknown): boolean {
  return describe(one) === describe(other);
}

/** A line each: an array by its items, an object by its members. */
export function linesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(describe);
  if (!isPlain(value)) return [describe(value)];
  return Object.entries(value).flatMap(([name, item]) =>
    Array.isArray(item) ? item.map(one => `${name}: ${describe(one)}`) : [`${name}: ${describe(item)}`],
  );
}

/** Those of each that the other has not, as often as it has them. */
export function differingLines(
  one: readonly string[],
  other: readonly string[],
): { readonly missing: readonly string[]; readonly extra: readonly string[] } {
  return { missing: without(one, other), extra: without(other, one) };
}

function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others];
  return lines.filter(line => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(describe).join(', ')}]`;
  if (isPlain(value)) {
    const members = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
    return `{ ${members.map(([name, item]) => `${name}: ${describe(item)}`).join(', ')} }`;
  }
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (ArrayBuffer.isView(value))
    return `<${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('hex')}>`;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (value instanceof Map) return `Map ${describe([...value])}`;
  if (value instanceof Set) return `Set ${describe([...value])}`;
  return Object.is(value, -0) ? '0' : String(value);
}

/** Of this realm or another. */
function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
