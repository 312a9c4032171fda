import type { ProbeSpecOf } from '../../options/probe-options.ts';
import type { ServiceUse } from '../service.ts';

export type RabbitmqSpec = ProbeSpecOf<'rabbitmq'>;
/** A broker that a probe of a launch names. */
export type RabbitmqUse = ServiceUse<RabbitmqSpec>;
