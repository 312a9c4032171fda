import type { ServerKindName } from '../../src/server/server-kinds.ts';
import type { ServerCapability } from '../../src/service/server-capability.ts';
import { serviceKinds } from '../../src/service/service-kinds.ts';
import type { Refusal } from './until-answers.ts';

/** Logs in as workers do. */
export function serverRefusal(server: ServerKindName): Refusal {
  return url => capabilityOf(server).refusal(url, { env: process.env, cwd: process.cwd() });
}

/** What every server of that kind has. */
export function serverUrl(server: ServerKindName, url: string): string {
  const { urlOf, homePlace } = capabilityOf(server);
  return urlOf(url, homePlace);
}

function capabilityOf(server: ServerKindName): ServerCapability {
  const capability = serviceKinds[server]?.server;
  if (!capability) throw new TypeError(`${server} cannot be started for a run`);
  return capability;
}
