import { LiveWorkerError } from '../../errors.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import { installCommand } from '../../server/finding/install-command.ts';
import type { ServerKind } from '../../server/server-kind.ts';
import { serverKinds } from '../../server/server-kinds.ts';
import type { PlannedServer, UnavailableServer } from '../../server/server-plan.ts';
import type { ServerWant } from '../../service/find-server-wants.ts';
import type { ProvidedServer, ServerCapability } from '../../service/server-capability.ts';
import { serviceKinds } from '../../service/service-kinds.ts';
import type { Rest, StoppedWorkers } from '../process/holdings.ts';
import type { OwnServerSettings, ServerHoldings, ServerUser } from '../process/server-holdings.ts';
import type { RunSession, ServersOrder, SharedWorkerStatus } from '../protocol.ts';
import { keepAliveOf } from '../workers/keep-alive.ts';
import { HeldServer } from './held-server.ts';

export interface HeldServersOptions {
  /** Of the sockets. */
  readonly folder: string;
  readonly run: () => RunIdentity;
  readonly note: (text: string) => void;
}

/** How one want was decided: a server of ours, or the ones the workers name. */
interface Decision {
  readonly server: HeldServer | undefined;
  /** For the terminal, once in a run. */
  readonly line: string;
}

interface UsedServer {
  readonly server: HeldServer;
  readonly want: ServerWant;
}

/** The servers of all test files of a run: one of a kind, whatever file asks first. */
export class HeldServers implements ServerHoldings {
  readonly #options: HeldServersOptions;
  readonly #decisions = new Map<string, Promise<Decision>>();
  readonly #started = new Map<string, Promise<HeldServer>>();
  readonly #all = new Set<HeldServer>();
  readonly #gone = new Set<string>();
  readonly #used = new Map<ServerUser, readonly UsedServer[]>();
  #told = new Set<string>();
  #isOfEarlierRun = new Set<HeldServer>();

  constructor(options: HeldServersOptions) {
    this.#options = options;
  }

  async provide(order: ServersOrder, user: ServerUser): Promise<readonly ProvidedServer[]> {
    const decided = await Promise.all(
      order.wants.map(async want => ({ want, decision: await this.#decide(want, order) })),
    );
    const used: UsedServer[] = [];
    for (const { want, decision } of decided) {
      this.#tell(decision, user);
      const { server } = decision;
      if (!server) continue;
      server.users.set(user, order.testFile);
      server.keepForMs = Math.max(server.keepForMs, keepAliveOf(order));
      used.push({ server, want });
    }
    this.#used.set(user, used);
    return used.map(({ server, want }) => ({
      kind: want.kind,
      url: server.planned.url,
      servers: want.servers,
    }));
  }

  async untilUp(user: ServerUser): Promise<void> {
    await Promise.all((this.#used.get(user) ?? []).map(({ server, want }) => server.untilUp(want.places)));
  }

  end(user: ServerUser): void {
    for (const { server } of this.#used.get(user) ?? []) server.users.delete(user);
    this.#used.delete(user);
  }

  settingsOf(url: string): OwnServerSettings | undefined {
    return [...this.#all].find(({ planned }) => isOn(url, planned.url))?.planned;
  }

  isGone(url: string): boolean {
    return [...this.#gone].some(gone => isOn(url, gone));
  }

  async rest(session: RunSession | undefined): Promise<Rest> {
    const isKept = ({ isUsable, keepForMs }: HeldServer) =>
      isUsable && (keepForMs > 0 || session?.isWatching === true);
    const kept = [...this.#all].filter(isKept);
    const problems = await this.#stop([...this.#all].filter(server => !kept.includes(server)));
    for (const server of kept) server.noteKeeper();
    const times = kept.map(({ keepForMs }) => keepForMs);
    return { problems, keepForMs: kept.length === 0 ? undefined : Math.max(...times) };
  }

  /** What was decided for the last run holds no longer: a server may have come up meanwhile, or be installed. */
  beginRun(): void {
    this.#decisions.clear();
    this.#told = new Set();
    this.#isOfEarlierRun = new Set(this.#all);
  }

  async stopUnused(rootDir: string, name: string | undefined): Promise<StoppedWorkers> {
    const meant = [...this.#all].filter(
      server => server.rootDir === rootDir && (name ?? server.name) === server.name,
    );
    const used = meant.filter(({ users }) => users.size > 0);
    const unused = meant.filter(({ users }) => users.size === 0);
    const problems = await this.#stop(unused);
    return { workers: unused.map(nameOf), used: used.map(nameOf), problems };
  }

  list(): readonly SharedWorkerStatus[] {
    return [...this.#all].filter(({ isUsable }) => isUsable).map(({ status }) => status);
  }

  async stop(): Promise<readonly unknown[]> {
    // One may be planned at this moment.
    await Promise.allSettled(this.#started.values());
    return this.#stop([...this.#all]);
  }

  async #stop(servers: readonly HeldServer[]): Promise<readonly unknown[]> {
    const problems = await Promise.all(servers.map(server => server.stop()));
    for (const server of servers) this.#forget(server);
    return problems.flat();
  }

  #forget(server: HeldServer): void {
    this.#all.delete(server);
    this.#gone.add(server.planned.url);
    for (const [key, started] of this.#started)
      void started.then(one => one === server && this.#started.delete(key)).catch(() => {});
    this.#decisions.clear();
  }

  #decide(want: ServerWant, order: ServersOrder): Promise<Decision> {
    const asked = want.source === 'auto' ? want.named.map(({ url }) => url) : [];
    const key = JSON.stringify([want.kind, want.source, asked]);
    const known = this.#decisions.get(key);
    if (known) return known;
    const deciding = this.#decideAnew(want, order);
    this.#decisions.set(key, deciding);
    return deciding;
  }

  /** @throws SERVER_UNAVAILABLE */
  async #decideAnew(want: ServerWant, order: ServersOrder): Promise<Decision> {
    const { kind, source } = want;
    const refusals: string[] = [];
    if (source === 'auto') {
      const refusal = await refusalOf(want);
      if (refusal === undefined)
        return { server: undefined, line: `services.${kind}: found at ${want.servers.join(', ')}` };
      refusals.push(`found: ${refusal}`);
    }
    const ways = source === 'auto' ? (['private', 'docker'] as const) : [source];
    for (const way of ways) {
      const server = await this.#start(way, want, order);
      if (!('unavailable' in server)) return { server, line: this.#lineOf(server, way, refusals) };
      refusals.push(`${way}: ${server.unavailable}`);
    }
    throw this.#unavailable(want, order, refusals);
  }

  async #start(
    way: 'private' | 'docker',
    want: ServerWant,
    order: ServersOrder,
  ): Promise<HeldServer | UnavailableServer> {
    const key = `${want.kind} ${way}`;
    const known = this.#started.get(key);
    if (known) {
      const server = await known.catch(() => undefined);
      if (server?.isUsable) return server;
    }
    const planned = await this.#plan(way, want, order);
    if ('unavailable' in planned) return planned;
    // Another file may have planned one meanwhile.
    const other = this.#started.get(key);
    if (other && other !== known) return other;
    const started = Promise.resolve(this.#hold(planned, want, order));
    this.#started.set(key, started);
    return started;
  }

  #plan(
    way: 'private' | 'docker',
    { kind, places }: ServerWant,
    { env, rootDir, isIsolated }: ServersOrder,
  ): Promise<PlannedServer | UnavailableServer> {
    const request = { env, rootDir, places, isForSlots: isIsolated };
    const server = kindOf(kind);
    return way === 'private' ? server.planPrivate(request) : server.planDocker(request);
  }

  #hold(planned: PlannedServer, { kind }: ServerWant, { rootDir }: ServersOrder): HeldServer {
    const { folder, run, note } = this.#options;
    const server: HeldServer = new HeldServer({
      kind,
      title: kindOf(kind).title,
      planned,
      capability: capabilityOf(kind),
      rootDir,
      run: run(),
      folder,
      places: planned.places,
      note,
      // Its folder and what is left of it go at once: the next file gets another one.
      onLost: () => void this.#stop([server]).catch(() => {}),
    });
    this.#all.add(server);
    return server;
  }

  #lineOf(server: HeldServer, way: string, refusals: readonly string[]): string {
    const { planned, records, kind } = server;
    const why = refusals.length === 0 ? '' : ` (${refusals.join('; ')})`;
    if (this.#isOfEarlierRun.has(server))
      return `services.${kind}: ${way}, on port ${planned.port}, kept since an earlier run`;
    return `services.${kind}: ${way}${why}, ${planned.source}, on port ${planned.port}, logs in ${records}`;
  }

  #tell({ line }: Decision, user: ServerUser): void {
    if (this.#told.has(line)) return;
    this.#told.add(line);
    user.notice(line);
  }

  #unavailable(
    { kind, source }: ServerWant,
    { env }: ServersOrder,
    refusals: readonly string[],
  ): LiveWorkerError {
    const { title, packages } = kindOf(kind);
    const command = source === 'docker' ? undefined : installCommand(packages, env);
    const changes = [
      ...(command ? [command] : source === 'docker' ? ['start Docker'] : [`install it: ${packages.site}`]),
      ...('npm' in packages && packages.npm && source !== 'docker'
        ? [`npm install --save-dev ${packages.npm}`]
        : []),
      ...(source === 'auto' ? [] : [`services: { ${kind}: 'auto' }, which looks elsewhere too`]),
    ];
    const [first, ...others] = changes;
    return new LiveWorkerError(
      'SERVER_UNAVAILABLE',
      [
        `Cannot provide ${title} for this run (services.${kind}: "${source}")`,
        ...refusals.map(refusal => `  ${refusal}`),
        `change: ${first}`,
        ...others.map(change => `    or: ${change}`),
      ].join('\n'),
      { details: { kind, source, refusals, changes } },
    );
  }
}

/** Undefined when all that workers name answer. */
async function refusalOf({ kind, named }: ServerWant): Promise<string | undefined> {
  if (named.length === 0) return 'no variable of a worker names one';
  const capability = capabilityOf(kind);
  for (const { url, surroundings } of named) {
    const refusal = await capability.refusal(url, surroundings);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function kindOf(kind: string): ServerKind {
  const found = (serverKinds as Readonly<Record<string, ServerKind>>)[kind];
  if (!found) throw new TypeError(`There is no server of kind "${kind}"`);
  return found;
}

function capabilityOf(kind: string): ServerCapability {
  const capability = serviceKinds[kind]?.server;
  if (!capability) throw new TypeError(`A service of kind "${kind}" has no servers of a run`);
  return capability;
}

/** A URL with a place behind that of a server. */
function isOn(url: string, server: string): boolean {
  return url === server || url.startsWith(`${server}/`);
}

function nameOf({ name }: HeldServer): string {
  return name;
}
