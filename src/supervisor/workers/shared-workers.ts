import { once } from 'node:events';
import { secretSourcesOf } from '../../launch/secret-sources.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import type { SecretSource } from '../../secrets/list-secrets.ts';
import { LedServers } from '../../service/led-servers.ts';
import { untilExitsHeard } from '../../worker/until-exits-heard.ts';
import type { HeldLaunch, Holdings, Rest, StopOrder, StoppedWorkers } from '../process/holdings.ts';
import type { LeaseOrder, RunSession, SharedWorkerStatus } from '../protocol.ts';
import { toHeldLaunch, withoutModuleProbes } from './held-launch.ts';
import { keepAliveOf } from './keep-alive.ts';
import { findDifference } from './launch-difference.ts';
import { withLeftovers } from './leftovers.ts';
import { planShared } from './plan-shared.ts';
import { reuse } from './reuse.ts';
import type { SharedProject } from './shared-project.ts';
import { SharedProjects } from './shared-projects.ts';
import { SharedWorker } from './shared-worker.ts';
import { startTogether } from './start-together.ts';
import { releaseTurns, stopShared } from './stop-shared.ts';
import { rememberFiles } from './worker-files.ts';
import { yieldTurns } from './yield-turns.ts';

export interface SharedWorkersOptions {
  readonly run: RunIdentity;
  /** The supervisor before may have died together with its watchdog. */
  readonly isSuccessor: boolean;
  /** Workers were stopped because another run wanted their turn. */
  readonly onGivenUp: () => void;
}

/** For workers that no test waits for any more. */
const soon = { kind: 'soon', graceMs: 500 } as const;

/** All workers of a run, by what would launch the very same; test files use them by leases. */
export class SharedWorkers implements Omit<Holdings, 'preload'> {
  readonly #options: SharedWorkersOptions;
  readonly #projects: SharedProjects;
  readonly #workers = new Map<string, SharedWorker>();
  readonly #stopping = new AbortController();
  /** Turns that other runs wait for. */
  readonly #wanted = new Set<string>();
  #lastOwn = 0;
  /** What went wrong behind files that did not wait for it. */
  readonly #untold: unknown[] = [];
  /** One lease after the other, so that two files do not start the same worker twice. */
  #leasing: Promise<unknown> = Promise.resolve();

  constructor(options: SharedWorkersOptions) {
    this.#options = options;
    this.#projects = new SharedProjects({ ...options, onWanted: turn => this.#giveUp(turn) });
  }

  lease(
    order: LeaseOrder,
    user: object | undefined,
    session: RunSession | undefined,
  ): Promise<readonly HeldLaunch[]> {
    return this.#inTurn(async () => {
      const leased = await this.#lease(order, user, session?.isWatching === true).finally(() =>
        this.#projects.noteFilled(),
      );
      return [...leased.values()].map(worker =>
        toHeldLaunch(worker, order, worker.isOwn ? undefined : findDifference(worker, this.#shared)),
      );
    });
  }

  endLease(user: object): void {
    const own = this.#ownOf(user);
    for (const worker of this.#workers.values()) worker.users.delete(user);
    if (own.length > 0) void this.#endBehind(own, soon);
  }

  async finishLease(user: object, { isBehind }: { readonly isBehind: boolean }): Promise<readonly unknown[]> {
    const own = this.#ownOf(user);
    await untilExitsHeard(own.map(({ worker }) => worker.runner));
    if (!isBehind) return this.#endOwn(own);
    for (const { users } of own) users.delete(user);
    void this.#endBehind(own);
    return [];
  }

  async clearSlots(names: readonly string[]): Promise<void> {
    const inside = this.#all.filter(({ project }) =>
      project.slots?.all.some(({ name }) => names.includes(name)),
    );
    await this.#endBehind(inside.filter(isSpare), soon);
    await this.#endBehind(inside.filter(worker => !isSpare(worker)));
  }

  yieldTurns(turns: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#yieldTurns(turns, 'a test file'));
  }

  /** Those of workers that died, or did not start, are kept for the next ones of the run until another file wants them. */
  async #yieldTurns(turns: readonly string[], who: string): Promise<void> {
    await yieldTurns(turns, this.#shared, who, this.#stopping.signal);
    for (const { services } of this.#projects.all) await services.releaseTurns(turns);
  }

  rest(session: RunSession | undefined): Promise<Rest> {
    return this.#inTurn(async () => {
      const isKept = ({ files, keepForMs, isUsable, isOwn }: SharedWorker) =>
        isUsable && !isOwn && files !== undefined && (keepForMs > 0 || session?.isWatching === true);
      const kept = this.#all.filter(isKept);
      const others = this.#all.filter(worker => !kept.includes(worker));
      const spares = others.filter(isSpare);
      const problems = [
        ...(await this.#stop(spares, soon)),
        ...(await this.#stop(others.filter(worker => !spares.includes(worker)))),
        ...this.#untold.splice(0),
      ];
      if (kept.length > 0) await releaseTurns(others);
      for (const { project } of kept) project.noteKeeper();
      return { problems, keepForMs: kept.length === 0 ? undefined : Math.max(...kept.map(keepForMsOf)) };
    });
  }

  beginRun(run: RunIdentity): void {
    this.#projects.beginRun(run);
    for (const worker of this.#all) worker.isOfEarlierRun = true;
  }

  stopUnused(rootDir: string, name: string | undefined): Promise<StoppedWorkers> {
    return this.#inTurn(async () => {
      const meant = this.#all.filter(
        ({ spec, project }) => project.rootDir === rootDir && (name ?? spec.name) === spec.name,
      );
      const used = meant.filter(({ users }) => users.size > 0);
      const unused = meant.filter(({ users }) => users.size === 0);
      const problems = await this.#stop(unused);
      await releaseTurns(unused);
      return { workers: unused.map(nameOf), used: used.map(nameOf), problems };
    });
  }

  list(): readonly SharedWorkerStatus[] {
    return this.#all
      .filter(({ isUsable }) => isUsable)
      .map(({ spec, project, worker, users }) => ({
        name: spec.name,
        rootDir: project.rootDir,
        ...(worker.prepared === undefined ? {} : { id: worker.prepared.plan.id }),
        files: users.now,
      }));
  }

  async stop(order: StopOrder): Promise<readonly unknown[]> {
    this.#stopping.abort(new Error('the run is over'));
    await this.#leasing;
    const problems = await this.#stop(this.#all, order);
    await this.#projects.close();
    return [...problems, ...this.#untold.splice(0)];
  }

  get #all(): readonly SharedWorker[] {
    return [...this.#workers.values()];
  }

  get #shared(): readonly SharedWorker[] {
    return this.#all.filter(({ isOwn }) => !isOwn);
  }

  /** Those that end with the test file. */
  #ownOf(user: object): readonly SharedWorker[] {
    return this.#all.filter(({ isOfFile, users }) => isOfFile && users.has(user));
  }

  async #endOwn(own: readonly SharedWorker[], order?: StopOrder): Promise<readonly unknown[]> {
    const problems = await this.#stop(own, order);
    await this.#projects.closeEmpty(new Set(this.#all.map(({ project }) => project)));
    return problems;
  }

  /** Nobody waits for it: what went wrong is told at the end of the run. */
  async #endBehind(own: readonly SharedWorker[], order?: StopOrder): Promise<void> {
    this.#untold.push(...(await this.#endOwn(own, order)));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#leasing.then(work);
    this.#leasing = result.catch(() => {});
    return result;
  }

  /** Resolves with what went wrong, the ends included that no test file was told. */
  async #stop(workers: readonly SharedWorker[], order?: StopOrder): Promise<readonly unknown[]> {
    const problems = await stopShared(workers, order);
    for (const [key, worker] of this.#workers) if (workers.includes(worker)) this.#workers.delete(key);
    return problems;
  }

  /** @throws the codes of a launch, or the end of such a worker that no test file was told */
  async #lease(
    order: LeaseOrder,
    user: object | undefined,
    isWatching: boolean,
  ): Promise<ReadonlyMap<string, SharedWorker>> {
    const { env, setByJest, jestNode, testFile, tests, rootDir, slots, folder } = order;
    const origin = { env, setByJest, jestNode };
    const servers = new LedServers(order.servers ?? []);
    const projectFor = this.#projectsOf(order);
    const keepForMs = keepAliveOf(order);
    const leased = new Map<string, SharedWorker>();
    const fresh: SharedWorker[] = [];
    process.umask(order.umask);
    // A file that begins after a death has a fresh worker, however soon after.
    await untilExitsHeard([...this.#workers.values()].map(({ worker }) => worker.runner));
    try {
      for (const spec of order.workers.map(withoutModuleProbes)) {
        const project = await projectFor(spec);
        const led = { slots: project.slots, servers };
        const { identity, key: launchKey, plan } = await planShared(spec, rootDir, origin, led);
        const isOfFile = spec.scope === 'file';
        const key = isOfFile ? this.#keyOfOwn(launchKey, order) : launchKey;
        const known = await this.#find(key);
        const isKept = !isOfFile && !slots;
        const files =
          known?.files ??
          (isKept ? await rememberFiles({ spec, plan, tests }, { keepForMs, isWatching }) : undefined);
        const ownFolder = isOfFile ? folder : undefined;
        const worker =
          known ?? new SharedWorker({ spec, identity, project, origin, servers, folder: ownFolder });
        worker.files = files;
        if (!known) {
          this.#workers.set(key, worker);
          fresh.push(worker);
          project.secrets.note([...secretVariables(env), ...secretSourcesOf(spec)]);
        }
        worker.keepForMs = Math.max(worker.keepForMs, keepForMs);
        leased.set(spec.name, worker);
      }
    } catch (error) {
      // Those before it are not going to be launched: another file that wants them starts others.
      for (const shared of fresh) shared.giveUp(error);
      throw error;
    }
    for (const worker of leased.values()) {
      if (user) worker.users.add(user, testFile);
      worker.waitsFor = new Set(worker.spec.after.flatMap(name => leased.get(name)?.worker ?? []));
    }
    await this.#stop(this.#strangersOf(leased));
    const others = this.#shared.filter(worker => ![...leased.values()].includes(worker));
    for (const project of new Set(fresh.map(one => one.project))) {
      const together = fresh.filter(one => one.project === project);
      await startTogether(together, leased, others, this.#stopping.signal);
    }
    return leased;
  }

  /** Those of a file that was to come, and has other workers. */
  #strangersOf(leased: ReadonlyMap<string, SharedWorker>): readonly SharedWorker[] {
    const own = [...leased.values()].filter(({ isOfFile }) => isOfFile);
    const slots = new Set(own.flatMap(({ project }) => project.slots ?? []));
    return this.#all.filter(
      one => one.isOfFile && !own.includes(one) && one.project.slots && slots.has(one.project.slots),
    );
  }

  /** @throws its end, when that came while no file used it; why one that was started for a file to come did not start */
  async #find(key: string): Promise<SharedWorker | undefined> {
    const known = this.#workers.get(key);
    if (!known || (await reuse(known))) return known;
    if (known.isOfFile && known.failure !== undefined) throw known.failure;
    const death = known.isOfEarlierRun ? undefined : known.takeUntoldDeath();
    // What is left of it would be in the way of the next one.
    await this.#whileRunGoesOn(known.stop().catch(() => {}));
    this.#workers.delete(key);
    if (death) throw await withLeftovers(death, known);
    return undefined;
  }

  /** @throws the reason of the end of the run */
  async #whileRunGoesOn(work: Promise<void>): Promise<void> {
    const { signal } = this.#stopping;
    signal.throwIfAborted();
    const over = new AbortController();
    const stopped = once(signal, 'abort', { signal: over.signal }).catch(() => {});
    await Promise.race([work, stopped]).finally(() => over.abort());
    signal.throwIfAborted();
  }

  /** A file of another run has the turn next: the workers here come after it. */
  #giveUp(turn: string): void {
    if (this.#wanted.has(turn)) return;
    this.#wanted.add(turn);
    this.#inTurn(() => this.#yieldTurns([turn], 'another run'))
      .catch(() => {})
      .finally(() => {
        this.#wanted.delete(turn);
        this.#options.onGivenUp();
      });
  }

  /** Its own workers take turns with those of other files, shared ones among these do not. */
  #projectsOf(order: LeaseOrder): (spec: WorkerSpec) => Promise<SharedProject> {
    const { rootDir, slots } = order;
    let own: Promise<SharedProject> | undefined;
    return spec => {
      if (slots || spec.scope === 'run') return this.#projects.open(rootDir, slots);
      own ??= this.#projects.openOwn(order);
      return own;
    };
  }

  /** Two files never have the same one: by its slots one is found that was started for the file before it began. */
  #keyOfOwn(launchKey: string, { slots }: LeaseOrder): string {
    if (slots) return `${launchKey} ${slots.given.map(({ name }) => name).join(' ')}`;
    this.#lastOwn += 1;
    return `${launchKey} ${this.#lastOwn}`;
  }
}

/** Started for a file that did not come, and is not being stopped. */
function isSpare({ isOfFile, users, ending }: SharedWorker): boolean {
  return isOfFile && users.size === 0 && !ending.aborted;
}

function nameOf({ spec }: SharedWorker): string {
  return spec.name;
}

function secretVariables(env: LeaseOrder['env']): readonly SecretSource[] {
  return Object.entries(env).map(([name, value]) => [name, value ?? '']);
}

function keepForMsOf({ keepForMs }: SharedWorker): number {
  return keepForMs;
}
