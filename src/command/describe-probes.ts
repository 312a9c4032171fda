import { join } from 'node:path';
import type { LaunchPlan } from '../launch/plan.ts';
import type { ProbeSpec } from '../options/probe-options.ts';
import { Secrets } from '../secrets/secrets.ts';
import type { ServiceSpec, ServiceUse } from '../service/service.ts';
import { Services } from '../service/services.ts';
import { buildProbe } from '../worker/prepare/build-probe.ts';
import { probePlace } from '../worker/prepare/plan-launch.ts';

/** Services that are located and described, and never asked. */
export function describedServices(rootDir: string): Services {
  return new Services({
    name: 'live-worker explain',
    folder: join(rootDir, '.live-worker'),
    testPath: '',
    timeline: { record: neverAsked },
    secrets: new Secrets([]),
    onLost: neverAsked,
  });
}

/** What the probes of a launch wait for, in their own words; none of them is asked. */
export function describeProbes(
  specs: readonly ProbeSpec[],
  plan: LaunchPlan,
  {
    rootDir,
    services,
    uses,
  }: { readonly rootDir: string; readonly services: Services; readonly uses: readonly ServiceUse[] },
): readonly string[] {
  const means = {
    cwd: plan.cwd,
    env: plan.env,
    rootDir,
    serviceProbe: (spec: ServiceSpec) => {
      const use = uses.find(candidate => candidate.spec === spec);
      return use ? services.readyProbe(use, { sockets: () => undefined }) : neverAsked();
    },
    openLog: () => ({ next: () => undefined }),
    isNotified: () => false,
    runCommand: neverAsked,
    loadModule: neverAsked,
  };
  return specs.map(
    (spec, index) => buildProbe(spec, { ...means, where: probePlace(plan.worker, index) }).description,
  );
}

function neverAsked(): never {
  throw new Error('a described probe was asked');
}
