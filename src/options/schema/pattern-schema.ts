import { check, lazy, pipe, string } from 'valibot';
import type { PatternSource } from '../probe-options.ts';
import { objectSchema } from './container-schemas.ts';
import type { Schema } from './text-schemas.ts';

const wanted = 'a string that is not empty, or the source and flags of a valid RegExp';

/** What is searched for in the log. */
export const patternSchema: Schema<string | PatternSource> = lazy(input =>
  typeof input === 'string' ? literalSchema : sourceSchema,
);

const literalSchema: Schema<string> = pipe(
  string(wanted),
  check(text => text !== '', wanted),
);

const sourceSchema: Schema<PatternSource> = pipe(
  objectSchema(wanted, { source: string('a string'), flags: string('a string, empty for no flags') }),
  check(isPattern, wanted),
);

function isPattern({ source, flags }: PatternSource): boolean {
  try {
    new RegExp(source, flags);
    return true;
  } catch {
    return false;
  }
}
