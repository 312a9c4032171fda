import type { Evidence, ExpectedService } from '../diagnose/evidence.ts';
import { describeOrigin } from '../launch/environment/describe-origin.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import type { ProbeSpec } from '../options/probe-options.ts';
import type { Probe } from '../probe/probe.ts';
import { findHeldSockets } from '../process/table/find-socket-holders.ts';
import type { Endpoint } from '../process/table/read-sockets.ts';
import type { TapLeg } from '../tap/launch-tap.ts';
import type { Tappable } from '../tap/tappable.ts';
import { addressesBehind } from './addresses-behind.ts';
import type {
  ClientContext,
  DeadLetter,
  DeadLetterSearch,
  FoundUrl,
  LaunchInquiry,
  LaunchSight,
  LeftBehind,
  LeftBehindTerms,
  QueueAddress,
  QueueCounts,
  Service,
  ServiceClient,
  ServiceSpec,
  ServiceUse,
  TakenMessages,
  TurnTerms,
  WaitingMessages,
} from './service.ts';
import { type ServiceKinds, serviceKinds } from './service-kinds.ts';

/** A launch and what its probes ask. */
export interface ProbedLaunch {
  readonly plan: LaunchPlan;
  readonly specs: readonly ProbeSpec[];
  readonly rootDir: string;
}

/** All services one test file uses, of every kind, each through the client of its kind. */
export class Services {
  readonly #kinds: ServiceKinds;
  readonly #context: ClientContext;
  readonly #clients = new Map<string, ServiceClient>();

  constructor(context: ClientContext, kinds: ServiceKinds = serviceKinds) {
    this.#context = context;
    this.#kinds = kinds;
  }

  /** @throws ENV_MISSING, OPTIONS_INVALID when a probe cannot be aimed. */
  usesOf({ plan, specs, rootDir }: ProbedLaunch): readonly ServiceUse[] {
    return specs.flatMap((spec, index): ServiceUse[] => {
      if (!this.isService(spec)) return [];
      const where = `workers.${plan.worker}.ready[${index}]`;
      const found = this.kind(spec.kind).locate(spec.url, { env: plan.env, cwd: plan.cwd, where });
      return [
        { worker: plan.worker, spec, plan, url: found.url, source: describeSource(found, plan, rootDir) },
      ];
    });
  }

  /** The variables of a launch that a tap can stand behind. */
  async tappable(plan: Pick<LaunchPlan, 'env' | 'cwd'>): Promise<readonly Tappable[]> {
    const found = Object.values(this.#kinds).map(kind => kind.tappable?.(plan) ?? []);
    return (await Promise.all(found)).flat();
  }

  /** Names what the files that use it take turns on. */
  turnsOf(use: ServiceUse): readonly string[] {
    return this.kind(use.spec.kind).turnsOf?.(use) ?? [];
  }

  /** What of a probe can be asked of a worker that was not launched from here. */
  specOfUnknownLaunch(spec: ProbeSpec): ProbeSpec {
    if (!this.isService(spec)) return spec;
    return (this.kind(spec.kind).specOfUnknownLaunch?.(spec) as ProbeSpec | undefined) ?? spec;
  }

  isService(spec: ProbeSpec): spec is ProbeSpec & ServiceSpec {
    return Object.hasOwn(this.#kinds, spec.kind);
  }

  kind(name: string): Service {
    const kind = this.#kinds[name];
    if (!kind) throw new TypeError(`There is no service of kind "${name}"`);
    return kind;
  }

  client(kind: string): ServiceClient {
    const client = this.#clients.get(kind) ?? this.kind(kind).createClient(this.#context);
    this.#clients.set(kind, client);
    return client;
  }

  answersProbe(use: ServiceUse): Probe {
    return this.client(use.spec.kind).answersProbe(use);
  }

  readyProbe(use: ServiceUse, launch: LaunchSight): Probe {
    return this.client(use.spec.kind).readyProbe(use, launch);
  }

  /** One kind after the other, in the same order in every file, so that no two files wait for each other. */
  async takeTurns(uses: readonly ServiceUse[], terms: TurnTerms): Promise<void> {
    for (const kind of Object.keys(this.#kinds)) {
      const own = ofKind(uses, kind);
      if (own.length > 0) await this.client(kind).takeTurns?.(own, terms);
    }
  }

  async releaseTurns(turns: readonly string[]): Promise<void> {
    for (const client of this.#clients.values()) await client.releaseTurns?.(turns);
  }

  async beforeSpawn(uses: readonly ServiceUse[], spawn: { readonly isFirst: boolean }): Promise<void> {
    for (const use of uses) await this.client(use.spec.kind).beforeSpawn?.(use, spawn);
  }

  async beforeAttach(uses: readonly ServiceUse[]): Promise<void> {
    for (const use of uses) await this.client(use.spec.kind).beforeAttach?.(use);
  }

  noteDeath(uses: readonly ServiceUse[], files: readonly string[]): void {
    for (const use of uses) this.client(use.spec.kind).noteDeath?.(use, files);
  }

  /** @throws SERVICE_UNAVAILABLE */
  async takeLeftBehind(uses: readonly ServiceUse[], terms: LeftBehindTerms): Promise<readonly LeftBehind[]> {
    const left: LeftBehind[] = [];
    for (const use of uses)
      left.push(...((await this.client(use.spec.kind).takeLeftBehind?.(use, terms)) ?? []));
    return left;
  }

  forget(worker: string): void {
    for (const client of this.#clients.values()) client.forget?.(worker);
  }

  /** Asks about a launch what no probe does, once, shortly before its deadline. */
  inquire(uses: readonly ServiceUse[]): LaunchInquiry {
    const inquiries = this.#usedKinds(uses).flatMap(
      kind => this.kind(kind).inquire?.(ofKind(uses, kind)) ?? [],
    );
    return {
      askBefore(deadlineMs) {
        const asked = inquiries.map(inquiry => inquiry.askBefore(deadlineMs));
        return { close: () => asked.forEach(asking => void asking.close()) };
      },
      evidenceOf: localPorts => Object.assign({}, ...inquiries.map(one => one.evidenceOf(localPorts))),
    };
  }

  /** What the probes of a launch are aimed at, and what was last seen there. */
  evidenceOf(uses: readonly ServiceUse[]): Pick<Evidence, 'services' | 'queues' | 'leftOver'> {
    const ownPeers = uses.length === 0 ? [] : (findHeldSockets([process.pid])?.peers ?? []);
    const seen = this.#usedKinds(uses).map(kind => this.client(kind).evidenceOf?.(ofKind(uses, kind)));
    return {
      services: uses.map(use => this.#describe(use, ownPeers)),
      queues: seen.flatMap(evidence => evidence?.queues ?? []),
      leftOver: seen.flatMap(evidence => evidence?.leftOver ?? []),
    };
  }

  /** @throws BROKER_REFUSED, WAIT_TIMEOUT, SERVICE_UNAVAILABLE */
  async countWaiting(
    protocol: TapLeg['protocol'],
    address: QueueAddress,
    timeLeftMs: number,
  ): Promise<WaitingMessages> {
    const { client, url } = this.#speaking(protocol, address);
    return (await client.countWaiting?.({ ...address, url }, timeLeftMs)) ?? 'missing';
  }

  /** @throws WAIT_TIMEOUT, SERVICE_UNAVAILABLE */
  async askDeadLetterQueues(
    protocol: TapLeg['protocol'],
    address: QueueAddress,
    timeLeftMs: number,
  ): Promise<readonly string[]> {
    const { client, url } = this.#speaking(protocol, address);
    return (await client.askDeadLetterQueues?.({ ...address, url }, timeLeftMs)) ?? [];
  }

  /** @throws BROKER_REFUSED, WAIT_TIMEOUT, SERVICE_UNAVAILABLE */
  async findDead(
    protocol: TapLeg['protocol'],
    address: QueueAddress,
    search: DeadLetterSearch,
  ): Promise<readonly DeadLetter[]> {
    const { client, url } = this.#speaking(protocol, address);
    return (await client.findDead?.({ ...address, url }, search)) ?? [];
  }

  /** @throws BROKER_REFUSED, WAIT_TIMEOUT, SERVICE_UNAVAILABLE */
  async askLateTasks(
    protocol: TapLeg['protocol'],
    address: QueueAddress,
    timeLeftMs: number,
  ): Promise<ReadonlyMap<string, boolean> | undefined> {
    const { client, url } = this.#speaking(protocol, address);
    return client.askLateTasks?.({ ...address, url }, timeLeftMs);
  }

  /** The queues that probes watch. */
  queuesOf(uses: readonly ServiceUse[]): readonly (QueueAddress & { readonly endpoint: Endpoint })[] {
    return uses.flatMap(use => {
      const queues = this.kind(use.spec.kind).queuesOf?.(use.spec) ?? [];
      const client = this.client(use.spec.kind);
      const place = {
        url: use.url,
        vhost: client.loginOf?.(use)?.vhost,
        endpoint: client.endpointOf(use),
      };
      return queues.map(queue => ({ ...place, queue }));
    });
  }

  /** What is on queues of the server a variable of a launch leads to; undefined where it has none. */
  async countQueues(
    url: string,
    plan: LaunchPlan,
    queues: readonly string[],
  ): Promise<QueueCounts | undefined> {
    for (const kind of Object.keys(this.#kinds)) {
      const counts = this.client(kind).countQueues?.(url, plan, queues);
      if (counts) return counts;
    }
    return undefined;
  }

  /** @param taken by workers with a tap, and not acknowledged */
  async describeNow(
    uses: readonly ServiceUse[],
    taken: readonly TakenMessages[] = [],
  ): Promise<readonly string[]> {
    const lines = this.#usedKinds(uses).map(kind =>
      this.client(kind).describeNow?.(ofKind(uses, kind), taken),
    );
    return (await Promise.all(lines)).flatMap(described => described ?? []);
  }

  /** Never throws. */
  release(): void {
    for (const client of this.#clients.values()) client.release?.();
  }

  /** Never throws. */
  async close(): Promise<void> {
    await Promise.all([...this.#clients.values()].map(client => client.close()));
  }

  /** The client of the kind that speaks a protocol, and the URL as that kind reads it. */
  #speaking(
    protocol: TapLeg['protocol'],
    { url }: QueueAddress,
  ): { readonly client: ServiceClient; readonly url: string } {
    const [name = ''] = Object.entries(this.#kinds).find(([, kind]) => kind.protocol === protocol) ?? [];
    const found = this.kind(name).locate(url, { env: {}, cwd: '.', where: name });
    return { client: this.client(name), url: found.url };
  }

  #usedKinds(uses: readonly ServiceUse[]): readonly string[] {
    return [...new Set(uses.map(({ spec }) => spec.kind))];
  }

  #describe(use: ServiceUse, ownPeers: Parameters<typeof addressesBehind>[1]): ExpectedService {
    const kind = this.kind(use.spec.kind);
    const endpoint = this.client(use.spec.kind).endpointOf(use);
    return {
      kind: use.spec.kind,
      title: kind.title,
      role: kind.role,
      endpoint,
      addresses: addressesBehind(endpoint, ownPeers),
      source: use.source,
      queues: kind.queuesOf?.(use.spec) ?? [],
      ...this.client(use.spec.kind).loginOf?.(use),
    };
  }
}

function ofKind(uses: readonly ServiceUse[], kind: string): readonly ServiceUse[] {
  return uses.filter(({ spec }) => spec.kind === kind);
}

function describeSource({ origin, beside = [] }: FoundUrl, plan: LaunchPlan, rootDir: string): string {
  return [origin, ...beside]
    .map(name => {
      const layer = plan.provenance[name];
      return layer === undefined ? name : `${name}, ${describeOrigin(layer, rootDir)}`;
    })
    .join('; with ');
}
