import { describeOrigin } from '../launch/environment/describe-origin.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { ProbeSpec, ProbeSpecOf } from '../options/probe-options.ts';
import { type TlsFiles, tlsFilesOf } from './rabbitmq/tls-options.ts';
import { type FoundUrl, locateBroker, locateDatabase } from './service-url.ts';

interface Use {
  readonly worker: string;
  readonly url: string;
  /** Where the URL comes from: `DATABASE_URL, set in .env:3; with PGPASSWORD, set in .env:4`. */
  readonly source: string;
}

/** A service a probe of a launch names, at the very URL the worker will get. */
export type ServiceUse = BrokerUse | (Use & { readonly kind: 'postgres' });

export interface BrokerUse extends Use {
  readonly kind: 'rabbitmq';
  readonly probe: ProbeSpecOf<'rabbitmq'>;
  readonly tls: TlsFiles;
}

/** A launch and what its probes are aimed at. */
export interface AimedLaunch {
  readonly plan: LaunchPlan;
  readonly specs: readonly ProbeSpec[];
  readonly rootDir: string;
}

/** @throws ENV_MISSING, OPTIONS_INVALID when a probe cannot be aimed. */
export function servicesUsed(prepared: AimedLaunch): readonly ServiceUse[] {
  const { plan, specs } = prepared;
  const use = ({ url, origin, beside = [] }: FoundUrl): Use => ({
    worker: plan.worker,
    url,
    source: [origin, ...beside].map(name => describeSource(name, prepared)).join('; with '),
  });
  return specs.flatMap((probe, index): ServiceUse[] => {
    const where = `workers.${plan.worker}.ready[${index}]`;
    if (probe.kind === 'rabbitmq') {
      const tls = tlsFilesOf(plan.env, plan.cwd);
      return [{ kind: 'rabbitmq', ...use(locateBroker(probe.url, plan.env, where)), probe, tls }];
    }
    if (probe.kind === 'postgres') {
      return [{ kind: 'postgres', ...use(locateDatabase(probe.url, plan.env, where, plan.cwd)) }];
    }
    return [];
  });
}

function describeSource(origin: string, { plan, rootDir }: AimedLaunch): string {
  const layer = plan.provenance[origin];
  return layer === undefined ? origin : `${origin}, ${describeOrigin(layer, rootDir)}`;
}
