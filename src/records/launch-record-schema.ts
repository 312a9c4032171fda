import { isAbsolute } from 'node:path';
import * as v from 'valibot';
import type { LaunchRecord } from '../launch/launch-record.ts';
import { isVariableName } from '../options/schema/text-schemas.ts';

/** Nothing the system is handed may hold a NUL. */
const text = v.pipe(
  v.string(),
  v.check(value => !value.includes('\0')),
);

const origin = v.union([
  v.looseObject({ layer: v.literal('env-file'), file: text, line: v.number() }),
  v.looseObject({
    layer: v.pipe(
      v.string(),
      v.check(layer => layer !== 'env-file'),
    ),
  }),
]);

const variable = v.looseObject({ value: text, from: origin });

const schema = v.looseObject({
  worker: text,
  id: text,
  command: v.pipe(v.tupleWithRest([v.pipe(text, v.nonEmpty())], text)),
  cwd: v.pipe(text, v.check(isAbsolute)),
  executable: v.looseObject({ rule: text, asked: text, tried: v.array(text) }),
  env: v.custom(env => isVariables(env, entry => v.is(variable, entry))),
  withheld: v.array(v.looseObject({ name: text, why: text })),
  ports: v.custom(ports => isVariables(ports, entry => Number.isInteger(entry))),
});

/** True for what `toLaunchRecord` makes; a process that was killed, or of another version, may have left something else. */
export function isLaunchRecord(value: unknown): value is LaunchRecord {
  return v.is(schema, value);
}

/** Every own name counts, `__proto__` too. */
function isVariables(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, entry]) => isVariableName(name) && !name.includes('\0') && isEntry(entry),
  );
}
