import { describeForeign, isPlainObject } from './describe-foreign.ts';
import { formatPath, type OptionPath } from './format-path.ts';
import { type Mistake, mistakeAt } from './mistake.ts';

const levelsAtMost = 100;
const mistakesAtMost = 1000;

/** A copy as it would be after a round trip through JSON, and every value in it that would not survive one. */
interface JsonCopy {
  /** Holds `undefined` in place of what is no JSON. */
  readonly copy: unknown;
  readonly mistakes: readonly Mistake[];
}

export function copyJson(value: unknown): JsonCopy {
  const walk: Walk = { mistakes: [], open: new Map(), copies: new Map() };
  return { copy: copyValue(value, [], walk), mistakes: walk.mistakes };
}

interface Walk {
  readonly mistakes: Mistake[];
  /** The containers around the value at hand. */
  readonly open: Map<object, OptionPath>;
  /** What need not be walked again; without it, shared references would make the walk exponential. */
  readonly copies: Map<object, unknown>;
}

function copyValue(value: unknown, path: OptionPath, walk: Walk): unknown {
  if (typeof value === 'string') return copyText(value, path, walk);
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value;
  if (typeof value === 'boolean' || value === null) return value;
  if (path.length === 0 && value === undefined) return undefined;
  if (typeof value !== 'object') return refuse(value, path, walk);
  const ancestor = walk.open.get(value);
  if (ancestor !== undefined) return refuseCircle(ancestor, path, walk);
  if (walk.copies.has(value)) return walk.copies.get(value);
  if (path.length > levelsAtMost) return refuseDepth(path, walk);
  const before = walk.mistakes.length;
  walk.open.set(value, path);
  const copy = copyContainer(value, path, walk);
  walk.open.delete(value);
  if (isSettled(before, walk)) walk.copies.set(value, copy);
  return copy;
}

/** True when there is nothing to say at the other places of a shared value, or enough was said. */
function isSettled(mistakesBefore: number, { mistakes }: Walk): boolean {
  return mistakes.length === mistakesBefore || mistakes.length > mistakesAtMost;
}

function copyText(text: string, path: OptionPath, walk: Walk): string {
  if (text.includes('\0')) {
    walk.mistakes.push(mistakeAt(path, { given: 'a string with a NUL character', wanted: 'one without' }));
  }
  return text;
}

function copyContainer(value: object, path: OptionPath, walk: Walk): unknown {
  try {
    if (Array.isArray(value)) return copyArray(value, path, walk);
    return isPlainObject(value) ? copyObject(value, path, walk) : refuse(value, path, walk);
  } catch {
    // A getter or the trap of a proxy threw.
    return refuse(undefined, path, walk, 'an object that cannot be read');
  }
}

function copyArray(values: readonly unknown[], path: OptionPath, walk: Walk): unknown {
  const copy: unknown[] = [];
  for (let index = 0; index < values.length; index++) {
    copy.push(copyValue(values[index], [...path, index], walk));
    // A hole: the array may be billions long with nothing in it.
    if (!Object.hasOwn(values, index)) break;
  }
  return copy;
}

function copyObject(value: object, path: OptionPath, walk: Walk): unknown {
  for (const key of Object.getOwnPropertySymbols(value)) {
    if (Object.prototype.propertyIsEnumerable.call(value, key)) refuse(key, path, walk, 'a symbol as a key');
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [key] of entries) copyText(key, [...path, key], walk);
  return Object.fromEntries(entries.map(([key, item]) => [key, copyValue(item, [...path, key], walk)]));
}

function refuse(value: unknown, path: OptionPath, walk: Walk, given?: string): undefined {
  const foreign = describeForeign(value);
  walk.mistakes.push(mistakeAt(path, { ...foreign, given: given ?? foreign.given }));
}

function refuseCircle(ancestor: OptionPath, path: OptionPath, walk: Walk): undefined {
  refuse(undefined, path, walk, `a circular reference to ${formatPath(ancestor)}`);
}

function refuseDepth(path: OptionPath, walk: Walk): undefined {
  const given = `something ${path.length} levels deep`;
  walk.mistakes.push(mistakeAt(path, { given, wanted: `at most ${levelsAtMost} levels` }));
}
