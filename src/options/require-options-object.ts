import { types } from 'node:util';
import { describeGiven } from './describe-given.ts';
import { optionsInvalid } from './options-invalid.ts';
import { isObject } from './schema/container-schemas.ts';

/**
 * What a probe function was given. A lone value such as `log('ready')` would come apart into its characters.
 *
 * @param example the call as it must be
 * @throws OPTIONS_INVALID
 */
export function requireOptionsObject<Options extends object>(options: Options, example: string): Options {
  const given: unknown = options;
  if (given === undefined || given === null || (isObject(given) && !types.isRegExp(given))) return options;
  throw optionsInvalid('Cannot use the options of live-worker', [
    {
      path: example.replace(/\(.*/s, '()'),
      given: types.isRegExp(given) ? `${given}` : describeGiven(given, []),
      wanted: `an object: ${example}`,
    },
  ]);
}
