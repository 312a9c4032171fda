import { brokerUrl, databaseUrl } from '../probe/service-url.ts';
import type { ProbeSpecOf } from '../spec/probe-options.ts';
import type { PreparedLaunch } from './prepared-launch.ts';

/** A service a probe of a launch names, at the very URL the worker will get. */
export type ServiceUse =
  | {
      readonly kind: 'rabbitmq';
      readonly worker: string;
      readonly url: string;
      readonly probe: ProbeSpecOf<'rabbitmq'>;
    }
  | { readonly kind: 'postgres'; readonly worker: string; readonly url: string };

/** @throws ENV_MISSING, OPTIONS_INVALID when a probe cannot be aimed. */
export function servicesUsed({ plan, specs }: PreparedLaunch): readonly ServiceUse[] {
  return specs.flatMap((probe, index): ServiceUse[] => {
    const where = `workers.${plan.worker}.ready[${index}]`;
    if (probe.kind === 'rabbitmq') {
      return [{ kind: 'rabbitmq', worker: plan.worker, url: brokerUrl(probe.url, plan.env, where), probe }];
    }
    if (probe.kind === 'postgres') {
      return [{ kind: 'postgres', worker: plan.worker, url: databaseUrl(probe.url, plan.env, where) }];
    }
    return [];
  });
}
