/**
 * Data made anew with this realm's Object, Array and Date, so that `toStrictEqual` and `instanceof` work on it. Buffers are
 * the same in both realms.
 */
export function copyIntoRealm<T>(value: T): T {
  return copyUnknown(value) as T;
}

function copyUnknown(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) return Array.from(value, copyUnknown);
  if (isDate(value)) return new Date(value.getTime());
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, copyUnknown(item)]));
}

function isDate(value: object): value is Date {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/** Of any realm: an object whose prototype has no prototype of its own. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
