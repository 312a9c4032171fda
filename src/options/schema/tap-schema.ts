import { boolean, exactOptional, lazy } from 'valibot';
import { type TapIgnoreOptions, type TapOptions, tapPresets } from '../tap-options.ts';
import { isObject, listSchema, objectSchema } from './container-schemas.ts';
import { refusal, type Schema, textSchema, wordSchema } from './text-schemas.ts';

/** `tap`: whether a worker has one, or how it looks. */
export const tapSchema: Schema<TapOptions | boolean> = lazy(input => {
  if (typeof input === 'boolean') return boolean();
  return isObject(input) ? tapObjectSchema : refusal('true, false, or an object with ignore');
});

const ignoreSchema: Schema<TapIgnoreOptions> = objectSchema(
  'an object with queues, exchanges, statements or presets',
  {
    queues: exactOptional(listSchema('an array of names of queues', textSchema('the name of a queue'))),
    exchanges: exactOptional(
      listSchema('an array of names of exchanges', textSchema('the name of an exchange')),
    ),
    statements: exactOptional(listSchema('an array of statements', textSchema('a statement'))),
    presets: exactOptional(listSchema('an array of presets', wordSchema([...tapPresets]))),
  },
);

const tapObjectSchema: Schema<TapOptions> = objectSchema('an object with ignore', {
  ignore: exactOptional(ignoreSchema),
});
