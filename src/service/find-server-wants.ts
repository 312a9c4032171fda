import { type ServiceSource, type ServicesOptions, sourcesOfServers } from '../options/services-options.ts';
import type { UnslottedLaunch } from './find-slot-places.ts';
import { LedServers, namesServer, serverIn, withoutVariables } from './led-servers.ts';
import type { ServerCapability } from './server-capability.ts';
import type { Service } from './service.ts';
import { type ServiceKinds, serviceKinds } from './service-kinds.ts';
import type { SlotSurroundings } from './slot.ts';

/** A kind of server that workers of one test file use, and where it is to come from. */
export interface ServerWant {
  readonly kind: string;
  readonly source: Exclude<ServiceSource, 'found'>;
  /** Those the workers name. */
  readonly servers: readonly string[];
  /** On it. */
  readonly places: readonly string[];
  /** By which the workers would come to the servers they name. */
  readonly named: readonly { readonly url: string; readonly surroundings: SlotSurroundings }[];
}

/** Stands for servers that are not there yet, while a launch is planned to see what it uses. */
export function plannedServers(services: ServicesOptions, kinds: ServiceKinds = serviceKinds): LedServers {
  const all = wantedKinds(services, kinds).map(({ kind, capability }) => ({
    kind,
    url: capability.plannedUrl,
    servers: [],
  }));
  return new LedServers(all, kinds);
}

/**
 * What the workers need of the servers that `services` names: those their probes and variables lead to.
 *
 * @param launches as they are planned beside {@link plannedServers}
 * @throws OPTIONS_INVALID for a URL that leads to no one server
 */
export function findServerWants(
  launches: readonly UnslottedLaunch[],
  services: ServicesOptions,
  kinds: ServiceKinds = serviceKinds,
): readonly ServerWant[] {
  return wantedKinds(services, kinds).map(({ kind, source, service, capability }) => {
    const named = launches.flatMap(launch => namedBy(launch, kind, service));
    const servers = unique(named.map(({ url, surroundings }) => capability.read(url, surroundings).server));
    const places = [
      ...named.map(({ url, surroundings }) => capability.read(url, surroundings).place),
      ...launches.flatMap(launch => placesIn(launch, servers, capability)),
    ];
    const isStandard = launches.some(launch => !names(launch, service)) || named.length === 0;
    return {
      kind,
      source,
      servers,
      places: unique([...places, ...(isStandard ? [capability.standardPlace] : [])]),
      named,
    };
  });
}

function wantedKinds(services: ServicesOptions, kinds: ServiceKinds) {
  return Object.entries(services).flatMap(([kind, source]: [string, ServiceSource]) => {
    const service = kinds[kind];
    if (!service?.server || !isServerSource(source)) return [];
    return [{ kind, source, service, capability: service.server }];
  });
}

function isServerSource(source: ServiceSource): source is ServerWant['source'] {
  return (sourcesOfServers as readonly string[]).includes(source);
}

function namedBy(launch: UnslottedLaunch, kind: string, service: Service): ServerWant['named'] {
  const { plan, specs } = launch;
  const surroundings = { env: ownVariables(launch), cwd: plan.cwd };
  const locate = (url: string | undefined, where: string) => ({
    url: service.locate(url, { ...surroundings, where }).url,
    surroundings,
  });
  const probed = specs.flatMap((spec, index) =>
    spec.kind === kind && 'url' in spec && spec.url !== undefined
      ? [locate(spec.url, `workers.${plan.worker}.ready[${index}]`)]
      : [],
  );
  return [...probed, ...(names(launch, service) ? [locate(undefined, 'services')] : [])];
}

function names(launch: UnslottedLaunch, service: Service): boolean {
  return namesServer(service, { env: ownVariables(launch), cwd: launch.plan.cwd });
}

/** Another variable of a worker may lead to another place of the same server. */
function placesIn(
  launch: UnslottedLaunch,
  servers: readonly string[],
  capability: ServerCapability,
): readonly string[] {
  const surroundings = { env: ownVariables(launch), cwd: launch.plan.cwd };
  return Object.values(surroundings.env).flatMap(value => {
    const server = serverIn(value, capability, surroundings);
    return server !== undefined && servers.includes(server)
      ? [capability.read(value, surroundings).place]
      : [];
  });
}

/** Those that the configuration gives it. */
function ownVariables({ plan }: UnslottedLaunch): Readonly<Record<string, string>> {
  const standard = Object.entries(plan.provenance)
    .filter(([, { layer }]) => layer === 'server')
    .map(([name]) => name);
  return withoutVariables(plan.env, standard);
}

function unique(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}
