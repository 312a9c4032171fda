import { boolean, exactOptional } from 'valibot';
import type { LiveWorkersOptions } from '../options.ts';
import { objectSchema, recordSchema } from './container-schemas.ts';
import { isolateSchema } from './isolate-schema.ts';
import { timeSchema } from './number-schemas.ts';
import { servicesSchema } from './services-schema.ts';
import { tapSchema } from './tap-schema.ts';
import { type Schema, wordSchema } from './text-schemas.ts';
import { workerSchema } from './worker-schema.ts';

/** The shape of the options; names and relations are checked elsewhere. */
export const optionsSchema: Schema<LiveWorkersOptions> = objectSchema('an object with workers', {
  workers: recordSchema('an object of workers by name', workerSchema),
  gate: exactOptional(wordSchema(['tests', 'setup'])),
  startTimeoutMs: exactOptional(timeSchema()),
  keepAliveMs: exactOptional(timeSchema()),
  isolate: exactOptional(isolateSchema),
  services: exactOptional(servicesSchema),
  tap: exactOptional(tapSchema),
  coverage: exactOptional(boolean('true or false')),
  otel: exactOptional(boolean('true or false')),
});
