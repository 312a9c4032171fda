import { describeNonJson, isPlainObject } from './describe-non-json.ts';
import { formatPath, type OptionPath } from './format-path.ts';
import { type Mistake, mistakeAt } from './mistake.ts';

const levelsAtMost = 100;

/** A copy as it would be after a round trip through JSON, and every value in it that would not survive one. */
interface JsonCopy {
  /** Holds `undefined` in place of what is no JSON. */
  readonly copy: unknown;
  readonly mistakes: readonly Mistake[];
}

export function copyJson(value: unknown): JsonCopy {
  const mistakes: Mistake[] = [];
  const copy = copyValue(value, { path: [], around: [], mistakes });
  return { copy, mistakes };
}

interface Position {
  readonly path: OptionPath;
  /** The containers around the value at hand, outermost first. */
  readonly around: readonly object[];
  readonly mistakes: Mistake[];
}

function copyValue(value: unknown, position: Position): unknown {
  const { path, around, mistakes } = position;
  if (typeof value === 'string') return copyText(value, position);
  if (typeof value === 'number' && Number.isFinite(value)) return value === 0 ? 0 : value;
  if (typeof value === 'boolean' || value === null) return value;
  if (path.length === 0 && value === undefined) return undefined;
  if (typeof value !== 'object') return refuse(value, position);
  const level = around.indexOf(value);
  if (level !== -1)
    return refuse(value, position, `a circular reference to ${formatPath(path.slice(0, level))}`);
  if (path.length > levelsAtMost) {
    const given = `something ${path.length} levels deep`;
    mistakes.push(mistakeAt(path, { given, wanted: `at most ${levelsAtMost} levels` }));
    return undefined;
  }
  const inside = (key: string | number): Position => ({
    path: [...path, key],
    around: [...around, value],
    mistakes,
  });
  if (Array.isArray(value)) return Array.from(value, (item, index) => copyValue(item, inside(index)));
  return isPlainObject(value) ? copyObject(value, inside) : refuse(value, position);
}

function copyObject(value: object, inside: (key: string) => Position): unknown {
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  for (const [key] of entries) copyText(key, inside(key));
  return Object.fromEntries(entries.map(([key, item]) => [key, copyValue(item, inside(key))]));
}

function copyText(text: string, { path, mistakes }: Position): string {
  if (text.includes('\0')) {
    mistakes.push(mistakeAt(path, { given: 'a string with a NUL character', wanted: 'one without' }));
  }
  return text;
}

function refuse(value: unknown, { path, mistakes }: Position, given?: string): undefined {
  const described = describeNonJson(value);
  mistakes.push(mistakeAt(path, { ...described, given: given ?? described.given }));
}
