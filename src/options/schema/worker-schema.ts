import { array, boolean, custom, exactOptional, lazy, string } from 'valibot';
import { didYouMean } from '../../text/find-nearest-name.ts';
import type { WorkerOptions } from '../options.ts';
import { argvSchema, scriptSchema } from './command-schema.ts';
import { isObject, listSchema, objectSchema } from './container-schemas.ts';
import { timeSchema, wholeNumberSchema } from './number-schemas.ts';
import { probeSchema } from './probe-schema.ts';
import { signalSchema } from './signal-schema.ts';
import { tapSchema } from './tap-schema.ts';
import { refusal, type Schema, textSchema, variableSchema, withHint, wordSchema } from './text-schemas.ts';

/** One worker; what its `command` may be depends on its `shell`. */
export const workerSchema: Schema<WorkerOptions> = lazy(input =>
  objectSchema('an object with command and ready', {
    command: isObject(input) && input.shell === true ? scriptSchema : argvSchema(() => 'set shell: true'),
    shell: switchOption,
    cwd: exactOptional(path),
    envFile: exactOptional(envFileSchema),
    env: exactOptional(envSchema),
    inherit: exactOptional(inheritSchema),
    requireEnv: exactOptional(variables),
    ports: exactOptional(variables),
    after: exactOptional(listSchema('an array of names of workers', string('the name of a worker'))),
    stdin: exactOptional(wordSchema(['ignore', 'pipe'])),
    ready: readySchema,
    startTimeoutMs: exactOptional(timeSchema()),
    stop: exactOptional(stopSchema),
    stacksSignal: exactOptional(signalSchema),
    onExit: exactOptional(wordSchema(['fail', 'restart', 'ignore'])),
    restartLimit: exactOptional(restartLimitSchema),
    scope: exactOptional(wordSchema(['file', 'run'])),
    watch: exactOptional(listSchema('an array of globs', textSchema('a glob'))),
    leftover: exactOptional(wordSchema(['fail', 'purge', 'ignore'])),
    tap: exactOptional(tapSchema),
    coverage: switchOption,
    otel: switchOption,
    echo: switchOption,
    attach: switchOption,
    maxLogBytes: exactOptional(bytes),
  }),
);

const path = textSchema('a path');
const variables = listSchema('an array of names of variables', variableSchema);
const bytes = wholeNumberSchema(1, Number.MAX_SAFE_INTEGER, 'a whole number of bytes from 1');
const switchOption = exactOptional(boolean('true or false'));
const envSchema = custom<Record<string, string | null>>(isObject, 'an object of strings, null to unset one');

const envFileSchema = lazy(input =>
  typeof input === 'string' ? path : array(path, 'a path or an array of paths'),
);

const inheritSchema = lazy(input => (Array.isArray(input) ? variables : inheritWordSchema));

const inheritWordSchema = custom<'all' | 'none'>(
  word => word === 'all' || word === 'none',
  ({ input }) =>
    withHint('"all", "none" or an array of names of variables', didYouMean(input, ['all', 'none'])),
);

const readyMissing = 'say what proves that the worker is ready, or `ready: []` when spawned is enough';

const readySchema = lazy(input =>
  input === undefined
    ? refusal(withHint('an array of probes', readyMissing))
    : array(probeSchema, 'an array of probes'),
);

const stopSchema = objectSchema('an object with signal, graceMs or both', {
  signal: exactOptional(signalSchema),
  graceMs: exactOptional(timeSchema()),
});

const restartLimitSchema = objectSchema('an object with count, withinMs or both', {
  count: exactOptional(wholeNumberSchema(1, 1_000, 'a whole number from 1 to 1000')),
  withinMs: exactOptional(timeSchema(1)),
});
