import { boolean, check, exactOptional, lazy, literal, looseObject, pipe, unknown } from 'valibot';
import type { ProbeOptions } from '../probe-options.ts';
import { argvSchema, formatWords } from './command-schema.ts';
import { isObject, listSchema, objectSchema } from './container-schemas.ts';
import { httpStatusSchema } from './http-status-schema.ts';
import { httpUrlSchema } from './http-url-schema.ts';
import { portSchema, timeSchema, wholeNumberSchema } from './number-schemas.ts';
import { patternSchema } from './pattern-schema.ts';
import { oneOf, refusal, type Schema, textSchema, wordSchema } from './text-schemas.ts';

type ProbeKind = ProbeOptions['kind'];

/** A probe of any kind. */
export const probeSchema: Schema<ProbeOptions> = lazy(input => {
  if (!isObject(input)) return refusal('a probe, such as notify() or { kind: "notify" }');
  return isKind(input.kind) ? schemas[input.kind] : kindlessSchema;
}) as Schema<ProbeOptions>;

const textOption = exactOptional(textSchema('a string that is not empty'));
const switchOption = exactOptional(boolean('true or false'));
const strangersOption = exactOptional(wordSchema(['fail', 'warn', 'ignore']));
const path = textSchema('a path');
const intervalMs = exactOptional(timeSchema(1));
const queuesWanted = 'an array of at least one queue';

const schemas: { readonly [Kind in ProbeKind]: Schema<Extract<ProbeOptions, { kind: Kind }>> } = {
  rabbitmq: objectSchema('a probe', {
    kind: literal('rabbitmq'),
    queues: pipe(
      listSchema(queuesWanted, textSchema('the name of a queue')),
      check(queues => queues.length > 0, queuesWanted),
    ),
    consumers: exactOptional(wholeNumberSchema(1, Number.MAX_SAFE_INTEGER, 'a whole number from 1')),
    url: textOption,
    strangers: strangersOption,
    share: switchOption,
    purge: switchOption,
    managementUrl: exactOptional(httpUrlSchema),
    intervalMs,
  }),
  postgres: objectSchema('a probe', {
    kind: literal('postgres'),
    url: textOption,
    table: textOption,
    query: textOption,
    connection: switchOption,
    intervalMs,
  }),
  http: objectSchema('a probe', {
    kind: literal('http'),
    url: httpUrlSchema,
    status: exactOptional(httpStatusSchema),
    strangers: strangersOption,
    intervalMs,
  }),
  tcp: objectSchema('a probe', {
    kind: literal('tcp'),
    port: portSchema,
    host: textOption,
    strangers: strangersOption,
    intervalMs,
  }),
  file: objectSchema('a probe', { kind: literal('file'), path, intervalMs }),
  socket: objectSchema('a probe', { kind: literal('socket'), path, intervalMs }),
  log: objectSchema('a probe', {
    kind: literal('log'),
    pattern: patternSchema,
    stream: exactOptional(wordSchema(['stdout', 'stderr', 'both'])),
    intervalMs,
  }),
  notify: objectSchema('a probe', { kind: literal('notify'), intervalMs }),
  command: objectSchema('a probe', {
    kind: literal('command'),
    command: argvSchema(script => `write ${formatWords(['sh', '-c', script])}`),
    attemptTimeoutMs: exactOptional(timeSchema(1)),
    intervalMs,
  }),
  module: objectSchema('a probe', {
    kind: literal('module'),
    path,
    options: exactOptional(unknown()),
    intervalMs,
  }),
};

const kinds = Object.keys(schemas);

/** Says nothing about the other options, because they depend on the kind. */
const kindlessSchema = looseObject({ kind: wordSchema(kinds) }, oneOf(kinds));

function isKind(kind: unknown): kind is ProbeKind {
  return typeof kind === 'string' && Object.hasOwn(schemas, kind);
}
