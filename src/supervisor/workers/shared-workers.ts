import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveWorkerError } from '../../errors.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { RunIdentity } from '../../records/run-identity.ts';
import { stopInOrder } from '../../worker/stop-in-order.ts';
import type { HeldLaunch, Holdings, Rest, StopOrder, StoppedWorkers } from '../process/holdings.ts';
import type { LeaseOrder, RunSession, SharedWorkerStatus } from '../protocol.ts';
import { keepAliveOf } from './keep-alive.ts';
import { planShared } from './plan-shared.ts';
import { reuse } from './reuse.ts';
import { SharedProject } from './shared-project.ts';
import { SharedWorker } from './shared-worker.ts';
import { startTogether } from './start-together.ts';
import { rememberFiles } from './worker-files.ts';
import { yieldTurns } from './yield-turns.ts';

/** All workers of a run, by what would launch the very same; test files use them by leases. */
export class SharedWorkers implements Omit<Holdings, 'preload'> {
  #run: RunIdentity;
  readonly #projects = new Map<string, SharedProject>();
  readonly #workers = new Map<string, SharedWorker>();
  readonly #onLost: (error: LiveWorkerError) => void;
  readonly #stopping = new AbortController();
  /** Turns that other runs wait for. */
  readonly #wanted = new Set<string>();
  /** One lease after the other, so that two files do not start the same worker twice. */
  #leasing: Promise<unknown> = Promise.resolve();

  /** @param onLost hears that the workers of the run are no longer alone on a queue */
  constructor(run: RunIdentity, onLost: (error: LiveWorkerError) => void) {
    this.#run = run;
    this.#onLost = onLost;
  }

  lease(order: LeaseOrder, user: object, session: RunSession | undefined): Promise<readonly HeldLaunch[]> {
    return this.#inTurn(async () => {
      const leased = await this.#lease(order, user, session?.isWatching === true);
      return [...leased.values()].map(toHeldLaunch);
    });
  }

  endLease(user: object): void {
    for (const worker of this.#workers.values()) worker.users.delete(user);
  }

  yieldTurns(turns: readonly string[]): Promise<void> {
    return this.#inTurn(() => yieldTurns(turns, this.#all, 'a test file', this.#stopping.signal));
  }

  rest(session: RunSession | undefined): Promise<Rest> {
    return this.#inTurn(async () => {
      const isKept = ({ files, keepForMs, isUsable }: SharedWorker) =>
        isUsable && files !== undefined && (keepForMs > 0 || session?.isWatching === true);
      const kept = this.#all.filter(isKept);
      const problems = await this.#stop(this.#all.filter(worker => !kept.includes(worker)));
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
        files: [...users.values()],
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
  async #stop(
    workers: readonly SharedWorker[],
    order: StopOrder = { kind: 'orderly' },
  ): Promise<readonly unknown[]> {
    const untold = workers.flatMap(worker => worker.takeUntoldDeath() ?? []);
    const of = new Map(workers.map(worker => [worker.worker, worker]));
    const problems = await stopInOrder([...of.keys()], async worker => {
      const own = of.get(worker) as SharedWorker;
      const stopped = own.yield();
      if (order.kind === 'soon') await Promise.race([stopped, sleep(order.graceMs).then(() => own.kill())]);
      await stopped;
    });
    for (const [key, worker] of this.#workers) if (workers.includes(worker)) this.#workers.delete(key);
    return [...untold, ...problems];
  }

  /** @throws the codes of a launch, or the end of such a worker that no test file was told */
  async #lease(
    order: LeaseOrder,
    user: object,
    isWatching: boolean,
  ): Promise<ReadonlyMap<string, SharedWorker>> {
    const { env, setByJest, jestNode, testFile, tests } = order;
    const origin = { env, setByJest, jestNode };
    const project = this.#project(order.rootDir);
    const keepForMs = keepAliveOf(order);
    const leased = new Map<string, SharedWorker>();
    const fresh: SharedWorker[] = [];
    process.umask(order.umask);
    for (const spec of order.workers.map(withoutModuleProbes)) {
      const { key, plan } = await planShared(spec, order.rootDir, origin);
      const known = await this.#find(key);
      const files = known?.files ?? (await rememberFiles({ spec, plan, tests }, { keepForMs, isWatching }));
      const worker = known ?? new SharedWorker(spec, project, origin);
      worker.files = files;
      if (!known) {
        this.#workers.set(key, worker);
        fresh.push(worker);
      }
      worker.keepForMs = Math.max(worker.keepForMs, keepForMs);
      leased.set(spec.name, worker);
    }
    for (const worker of leased.values()) worker.users.set(user, testFile);
    const others = this.#all.filter(worker => ![...leased.values()].includes(worker));
    await startTogether(fresh, leased, others, this.#stopping.signal);
    return leased;
  }

  /** @throws its end, when that came while no file used it */
  async #find(key: string): Promise<SharedWorker | undefined> {
    const known = this.#workers.get(key);
    if (!known || (await reuse(known))) return known;
    this.#workers.delete(key);
    const death = known.isOfEarlierRun ? undefined : known.takeUntoldDeath();
    if (death) throw death;
    return undefined;
  }

  /** A file of another run has the turn next: the workers here come after it. */
  #giveUp(turn: string): void {
    if (this.#wanted.has(turn)) return;
    this.#wanted.add(turn);
    const { signal } = this.#stopping;
    this.#inTurn(() => yieldTurns([turn], this.#all, 'another run', signal))
      .catch(() => {})
      .finally(() => this.#wanted.delete(turn));
  }

  #project(rootDir: string): SharedProject {
    const project =
      this.#projects.get(rootDir) ??
      new SharedProject({
        rootDir,
        run: this.#run,
        onLost: this.#onLost,
        onWanted: turn => this.#giveUp(turn),
      });
    this.#projects.set(rootDir, project);
    return project;
  }
}

function toHeldLaunch(shared: SharedWorker): HeldLaunch {
  const { spec, worker, ready } = shared;
  const { prepared, view } = worker;
  if (!prepared) throw new TypeError(`Worker "${spec.name}" was leased before it was prepared`);
  const logPaths = { stdout: view.files.stdout.path, stderr: view.files.stderr.path };
  return {
    launch: { name: spec.name, plan: prepared.plan, logPaths },
    ready,
    onExit: listener => shared.onExit(listener),
  };
}

/** Each test file asks them itself: they run in Jest. */
function withoutModuleProbes(spec: WorkerSpec): WorkerSpec {
  return { ...spec, ready: spec.ready.filter(({ kind }) => kind !== 'module') };
}

function nameOf({ spec }: SharedWorker): string {
  return spec.name;
}

function keepForMsOf({ keepForMs }: SharedWorker): number {
  return keepForMs;
}
