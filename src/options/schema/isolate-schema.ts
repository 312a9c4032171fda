import { boolean, exactOptional, lazy, literal, string } from 'valibot';
import type { IsolateOptions, IsolatePostgresOptions, IsolateRabbitmqOptions } from '../isolate-options.ts';
import { argvSchema, formatWords } from './command-schema.ts';
import { isObject, listSchema, objectSchema, recordSchema } from './container-schemas.ts';
import { httpUrlSchema } from './http-url-schema.ts';
import { wholeNumberSchema } from './number-schemas.ts';
import { refusal, type Schema, textSchema, variableSchema } from './text-schemas.ts';

/** `isolate`: whether each test file has a database and a vhost of its own, or how. */
export const isolateSchema: Schema<IsolateOptions | boolean> = lazy(input => {
  if (typeof input === 'boolean') return boolean();
  return isObject(input)
    ? isolateObjectSchema
    : refusal('true, false, or an object with how each test file is isolated');
});

const postgresSchema: Schema<IsolatePostgresOptions | false> = orFalse(
  objectSchema('an object with prepare and inputs, or false', {
    prepare: exactOptional(argvSchema(script => `write ${formatWords(['sh', '-c', script])}`)),
    inputs: exactOptional(listSchema('an array of globs', textSchema('a glob'))),
  }),
);

const rabbitmqSchema: Schema<IsolateRabbitmqOptions | false> = orFalse(
  objectSchema('an object with definitions or managementUrl, or false', {
    definitions: exactOptional(textSchema('a path')),
    managementUrl: exactOptional(httpUrlSchema),
  }),
);

const spareSchema: Schema<'auto' | number> = lazy(input =>
  input === 'auto'
    ? (literal('auto') as unknown as Schema<'auto' | number>)
    : wholeNumberSchema(0, 100, "'auto', or a whole number from 0 to 100"),
);

const isolateObjectSchema: Schema<IsolateOptions> = objectSchema('an object', {
  postgres: exactOptional(postgresSchema),
  rabbitmq: exactOptional(rabbitmqSchema),
  env: exactOptional(recordSchema('an object of strings', string('a string'))),
  testEnv: exactOptional(listSchema('an array of names of variables', variableSchema)),
  spare: exactOptional(spareSchema),
  keepFailed: exactOptional(boolean('true or false')),
});

function orFalse<Output>(schema: Schema<Output>): Schema<Output | false> {
  return lazy(input => (input === false ? (boolean() as unknown as Schema<false>) : schema));
}
