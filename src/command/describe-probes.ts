import type { LaunchPlan } from '../launch/plan.ts';
import type { ProbeSpec } from '../options/probe-options.ts';
import { Services } from '../service/services.ts';
import { buildProbe } from '../worker/prepare/build-probe.ts';
import { probePlace } from '../worker/prepare/plan-launch.ts';

/** What the probes of a launch wait for, in their own words; none of them is asked. */
export function describeProbes(
  specs: readonly ProbeSpec[],
  plan: LaunchPlan,
  rootDir: string,
): readonly string[] {
  const services = new Services('live-worker explain');
  const context = {
    cwd: plan.cwd,
    env: plan.env,
    rootDir,
    broker: (url: string) => services.broker(url),
    database: (url: string) => services.database(url),
    sockets: () => undefined,
    othersOn: () => 0,
    ownPorts: () => undefined,
    openLog: () => ({ next: () => undefined }),
    isNotified: () => false,
    runCommand: neverAsked,
    loadModule: neverAsked,
  };
  return specs.map(
    (spec, index) => buildProbe(spec, { ...context, where: probePlace(plan.worker, index) }).description,
  );
}

function neverAsked(): never {
  throw new Error('a described probe was asked');
}
