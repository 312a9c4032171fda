import type { ServiceProbeSpec } from '../../src/options/probe-options.ts';
import type { ServerCapability } from '../../src/service/server-capability.ts';
import { serviceKinds } from '../../src/service/service-kinds.ts';
import type { Refusal } from './until-answers.ts';

/** Logs in as workers do. */
export function serverRefusal(server: ServiceProbeSpec['kind']): Refusal {
  return url => capabilityOf(server).refusal(url, { env: process.env, cwd: process.cwd() });
}

/** What every server of that kind has. */
export function serverUrl(server: ServiceProbeSpec['kind'], url: string): string {
  const { urlOf, homePlace } = capabilityOf(server);
  return urlOf(url, homePlace);
}

function capabilityOf(server: ServiceProbeSpec['kind']): ServerCapability {
  const capability = serviceKinds[server]?.server;
  if (!capability) throw new TypeError(`${server} cannot be started for a run`);
  return capability;
}
