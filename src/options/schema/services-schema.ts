import { exactOptional } from 'valibot';
import { type ServicesOptions, sourcesOfServers } from '../services-options.ts';
import { objectSchema } from './container-schemas.ts';
import { type Schema, wordSchema } from './text-schemas.ts';

const sourceSchema = wordSchema(['found', ...sourcesOfServers]);

/** `services`: where each kind of server comes from. */
export const servicesSchema: Schema<ServicesOptions> = objectSchema('an object of servers by their kinds', {
  rabbitmq: exactOptional(sourceSchema),
  postgres: exactOptional(sourceSchema),
});
