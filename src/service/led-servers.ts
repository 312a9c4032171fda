import { isLiveWorkerError } from '../errors.ts';
import type { ServerVariables } from '../launch/environment/resolve-environment.ts';
import type { ProbeSpec } from '../options/probe-options.ts';
import type { ProvidedServer, ServerCapability } from './server-capability.ts';
import type { Service } from './service.ts';
import { type ServiceKinds, serviceKinds } from './service-kinds.ts';
import type { SlotSurroundings } from './slot.ts';

/** What leads workers and tests to the servers of the run. */
export class LedServers implements ServerVariables {
  readonly all: readonly ProvidedServer[];
  readonly #kinds: ServiceKinds;

  constructor(all: readonly ProvidedServer[], kinds: ServiceKinds = serviceKinds) {
    this.all = all;
    this.#kinds = kinds;
  }

  get standard(): Readonly<Record<string, string>> {
    return Object.fromEntries(
      this.all.map(({ kind, url }) => {
        const { variable, urlOf, standardPlace } = this.#capability(kind);
        return [variable, urlOf(url, standardPlace)];
      }),
    );
  }

  lead({ env, cwd, standard }: Parameters<ServerVariables['lead']>[0]): Record<string, string | null> {
    const led: Record<string, string | null> = {};
    for (const provided of this.all) {
      const capability = this.#capability(provided.kind);
      const { variable } = capability;
      const own = withoutVariables(env, standard);
      const isNamed = namesServer(this.#service(provided.kind), { env: own, cwd });
      for (const [name, value] of Object.entries(own)) {
        if (this.#isLed(value, provided, { env, cwd }))
          led[name] = capability.leadUrl(value, provided.url, { env, cwd });
      }
      Object.assign(led, isNamed ? capability.leadVariables?.(provided, { env: own, cwd }) : {});
      if (!isNamed) led[variable] = this.standard[variable] ?? null;
      else if (standard.includes(variable)) led[variable] = null;
    }
    return led;
  }

  /** A probe that gives the URL of a server itself is aimed at the one that stands for it. */
  moveSpec(spec: ProbeSpec, surroundings: SlotSurroundings): ProbeSpec {
    if (!('url' in spec) || spec.url === undefined) return spec;
    const provided = this.all.find(({ kind }) => kind === spec.kind);
    if (!provided || !this.#isLed(spec.url, provided, surroundings)) return spec;
    return { ...spec, url: this.#capability(spec.kind).leadUrl(spec.url, provided.url, surroundings) };
  }

  #isLed(text: string, { kind, servers }: ProvidedServer, surroundings: SlotSurroundings): boolean {
    const server = serverIn(text, this.#capability(kind), surroundings);
    return server !== undefined && servers.includes(server);
  }

  #service(kind: string): Service {
    const service = this.#kinds[kind];
    if (!service) throw new TypeError(`There is no service of kind "${kind}"`);
    return service;
  }

  #capability(kind: string): ServerCapability {
    const capability = this.#service(kind).server;
    if (!capability) throw new TypeError(`A service of kind "${kind}" has no servers of a run`);
    return capability;
  }
}

/** Undefined for what is not the URL of one server. */
export function serverIn(
  text: string,
  capability: ServerCapability,
  surroundings: SlotSurroundings,
): string | undefined {
  if (!capability.isUrl(text)) return undefined;
  try {
    return capability.read(text, surroundings).server;
  } catch {
    return undefined;
  }
}

/** True where the variables say where such a service is, be it wrong. */
export function namesServer(service: Service, { env, cwd }: SlotSurroundings): boolean {
  try {
    service.locate(undefined, { env: definedOf(env), cwd, where: 'services' });
    return true;
  } catch (error) {
    if (!isLiveWorkerError(error)) throw error;
    return error.code !== 'ENV_MISSING';
  }
}

export function withoutVariables(
  env: Readonly<Record<string, string>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.includes(name)));
}

function definedOf(env: SlotSurroundings['env']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
