import {
  array,
  type InferOutput,
  lazy,
  never,
  type ObjectEntries,
  type ObjectSchema,
  object,
  safeParse,
} from 'valibot';
import { didYouMean } from '../../text/find-nearest-name.ts';
import { refusal, type Schema, withHint } from './text-schemas.ts';

type OptionsOf<Entries extends ObjectEntries> = InferOutput<ObjectSchema<Entries, undefined>>;

/** An object with these options and no others; every unknown one is an issue of its own. */
export function objectSchema<Entries extends ObjectEntries>(
  wanted: string,
  entries: Entries,
): Schema<OptionsOf<Entries>> {
  const names = Object.keys(entries);
  return lazy(input => {
    if (!isObject(input)) return refusal(wanted);
    const unknown = Object.keys(input).filter(name => !names.includes(name));
    const refused = unknown.map(name => [name, never(unknownOption(name, names))]);
    return object({ ...entries, ...Object.fromEntries(refused) }, ({ expected }) =>
      missingOption(entries, expected),
    );
  }) as Schema<OptionsOf<Entries>>;
}

/** An object whose keys are free. */
export function recordSchema<Value>(wanted: string, value: Schema<Value>): Schema<Record<string, Value>> {
  return lazy(input => {
    if (!isObject(input)) return refusal(wanted);
    return object(Object.fromEntries(Object.keys(input).map(name => [name, value])));
  });
}

/** An array; for a single string the message says what to do. */
export function listSchema<Item>(wanted: string, item: Schema<Item>): Schema<Item[]> {
  return lazy(input =>
    typeof input === 'string' ? refusal(withHint(wanted, 'put it into [ ]')) : array(item, wanted),
  );
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownOption(name: string, names: readonly string[]): string {
  const nearest = didYouMean(name, names);
  return nearest === undefined ? `a known one: ${names.join(', ')}` : withHint('a known one', nearest);
}

/** What is wanted in place of nothing; valibot names the missing option in quotes. */
function missingOption(entries: ObjectEntries, expected: string | null): string {
  const schema = entries[expected?.slice(1, -1) ?? ''];
  return (schema && safeParse(schema, undefined).issues?.[0].message) ?? '';
}
