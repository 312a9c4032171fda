import type { ProbeSpecOf, ServiceProbeSpec } from '../options/probe-options.ts';
import { postgres } from './postgres/postgres.ts';
import { rabbitmq } from './rabbitmq/rabbitmq.ts';
import type { Service } from './service.ts';

export type ServiceKinds = Readonly<Record<string, Service>>;

/** Every kind of service there is, by the kind of its probe. */
export const serviceKinds: ServiceKinds = { rabbitmq, postgres } satisfies {
  readonly [Kind in ServiceProbeSpec['kind']]: Service<ProbeSpecOf<Kind>>;
};
