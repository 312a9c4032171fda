import { once } from 'node:events';
import type { LiveWorkerError } from '../../errors.ts';
import { secretSourcesOf } from '../../launch/secret-sources.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import type { SecretSource } from '../../secrets/list-secrets.ts';
import { LedServers } from '../../service/led-servers.ts';
import { untilExitsHeard } from '../../worker/until-exits-heard.ts';
import type { HeldLaunch, Holdings, Rest, StopOrder, StoppedWorkers } from '../process/holdings.ts';
import type { LeaseOrder, RunSession, SharedWorkerStatus } from '../protocol.ts';
import { endLeftoversOf } from './end-leftovers-of.ts';
import { toHeldLaunch, withoutModuleProbes } from './held-launch.ts';
import { keepAliveOf } from './keep-alive.ts';
import { findDifference } from './launch-difference.ts';
import { withLeftovers } from './leftovers.ts';
import { planShared } from './plan-shared.ts';
import { reuse } from './reuse.ts';
import { SharedProject } from './shared-project.ts';
import { SharedWorker } from './shared-worker.ts';
import { startTogether } from './start-together.ts';
import { releaseTurns, stopShared } from './stop-shared.ts';
import { rememberFiles } from './worker-files.ts';
import { yieldTurns } from './yield-turns.ts';

export interface SharedWorkersOptions {
  readonly run: RunIdentity;
  /** The supervisor before may have died together with its watchdog. */
  readonly isSuccessor: boolean;
  /** Hears that the workers of the run are no longer alone on a queue. */
  readonly onLost: (error: LiveWorkerError) => void;
  /** Workers were stopped because another run wanted their turn. */
  readonly onGivenUp: () => void;
}

/** All workers of a run, by what would launch the very same; test files use them by leases. */
export class SharedWorkers implements Omit<Holdings, 'preload'> {
  #run: RunIdentity;
  readonly #options: SharedWorkersOptions;
  readonly #projects = new Map<string, SharedProject>();
  readonly #workers = new Map<string, SharedWorker>();
  readonly #stopping = new AbortController();
  /** Turns that other runs wait for. */
  readonly #wanted = new Set<string>();
  /** One lease after the other, so that two files do not start the same worker twice. */
  #leasing: Promise<unknown> = Promise.resolve();

  constructor(options: SharedWorkersOptions) {
    this.#options = options;
    this.#run = options.run;
  }

  lease(order: LeaseOrder, user: object, session: RunSession | undefined): Promise<readonly HeldLaunch[]> {
    return this.#inTurn(async () => {
      const leased = await this.#lease(order, user, session?.isWatching === true);
      return [...leased.values()].map(worker =>
        toHeldLaunch(worker, order, findDifference(worker, this.#all)),
      );
    });
  }

  endLease(user: object): void {
    for (const worker of this.#workers.values()) worker.users.delete(user);
  }

  yieldTurns(turns: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#yieldTurns(turns, 'a test file'));
  }

  /** Those of workers that died, or did not start, are kept for the next ones of the run until another file wants them. */
  async #yieldTurns(turns: readonly string[], who: string): Promise<void> {
    await yieldTurns(turns, this.#all, who, this.#stopping.signal);
    for (const { services } of this.#projects.values()) await services.releaseTurns(turns);
  }

  rest(session: RunSession | undefined): Promise<Rest> {
    return this.#inTurn(async () => {
      const isKept = ({ files, keepForMs, isUsable }: SharedWorker) =>
        isUsable && files !== undefined && (keepForMs > 0 || session?.isWatching === true);
      const kept = this.#all.filter(isKept);
      const others = this.#all.filter(worker => !kept.includes(worker));
      const problems = await this.#stop(others);
      if (kept.length > 0) await releaseTurns(others);
      for (const { project } of kept) project.noteKeeper();
      return { problems, keepForMs: kept.length === 0 ? undefined : Math.max(...kept.map(keepForMsOf)) };
    });
  }

  beginRun(run: RunIdentity): void {
    this.#run = run;
    for (const project of this.#projects.values()) project.run = run;
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
    await Promise.all([...this.#projects.values()].map(({ services }) => services.close()));
    return problems;
  }

  get #all(): readonly SharedWorker[] {
    return [...this.#workers.values()];
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
    user: object,
    isWatching: boolean,
  ): Promise<ReadonlyMap<string, SharedWorker>> {
    const { env, setByJest, jestNode, testFile, tests } = order;
    const origin = { env, setByJest, jestNode };
    const servers = new LedServers(order.servers ?? []);
    const project = await this.#project(order.rootDir);
    const keepForMs = keepAliveOf(order);
    const leased = new Map<string, SharedWorker>();
    const fresh: SharedWorker[] = [];
    process.umask(order.umask);
    // A file that begins after a death has a fresh worker, however soon after.
    await untilExitsHeard([...this.#workers.values()].map(({ worker }) => worker.runner));
    try {
      for (const spec of order.workers.map(withoutModuleProbes)) {
        const { identity, key, plan } = await planShared(spec, order.rootDir, origin, servers);
        const known = await this.#find(key);
        const files = known?.files ?? (await rememberFiles({ spec, plan, tests }, { keepForMs, isWatching }));
        const worker = known ?? new SharedWorker({ spec, identity, project, origin, servers });
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
      worker.users.add(user, testFile);
      worker.waitsFor = new Set(worker.spec.after.flatMap(name => leased.get(name)?.worker ?? []));
    }
    const others = this.#all.filter(worker => ![...leased.values()].includes(worker));
    await startTogether(fresh, leased, others, this.#stopping.signal);
    return leased;
  }

  /** @throws its end, when that came while no file used it */
  async #find(key: string): Promise<SharedWorker | undefined> {
    const known = this.#workers.get(key);
    if (!known || (await reuse(known))) return known;
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

  async #project(rootDir: string): Promise<SharedProject> {
    const known = this.#projects.get(rootDir);
    if (known) return known;
    const { isSuccessor, onLost } = this.#options;
    if (isSuccessor) await endLeftoversOf(rootDir, this.#run);
    const project = new SharedProject({
      rootDir,
      run: this.#run,
      onLost,
      onWanted: turn => this.#giveUp(turn),
    });
    this.#projects.set(rootDir, project);
    return project;
  }
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
