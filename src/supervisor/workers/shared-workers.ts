import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveWorkerError } from '../../errors.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { endLeftovers } from '../../records/end-leftovers.ts';
import { findLeftovers } from '../../records/find-leftovers.ts';
import { type RunIdentity, runName } from '../../records/run-identity.ts';
import { type LaunchOrigin, planLaunch } from '../../worker/prepare/plan-launch.ts';
import { stopInOrder } from '../../worker/stop-in-order.ts';
import { untilExitsHeard } from '../../worker/until-exits-heard.ts';
import type { HeldLaunch, Holdings, StopOrder } from '../process/holdings.ts';
import type { LeaseOrder } from '../protocol.ts';
import { SharedProject } from './shared-project.ts';
import { SharedWorker } from './shared-worker.ts';
import { startTogether } from './start-together.ts';
import { workerKey } from './worker-key.ts';
import { yieldTurns } from './yield-turns.ts';

export interface SharedWorkersOptions {
  readonly run: RunIdentity;
  /** The supervisor before may have died together with its watchdog. */
  readonly isSuccessor: boolean;
  /** Hears that the workers of the run are no longer alone on a queue. */
  readonly onLost: (error: LiveWorkerError) => void;
}

/** All workers of a run, by what would launch the very same; test files use them by leases. */
export class SharedWorkers implements Holdings {
  readonly #options: SharedWorkersOptions;
  readonly #projects = new Map<string, SharedProject>();
  readonly #workers = new Map<string, SharedWorker>();
  readonly #stopping = new AbortController();
  /** One lease after the other, so that two files do not start the same worker twice. */
  #leasing: Promise<unknown> = Promise.resolve();

  constructor(options: SharedWorkersOptions) {
    this.#options = options;
  }

  lease(order: LeaseOrder, user: object): Promise<readonly HeldLaunch[]> {
    const lease = this.#leasing.then(() => this.#lease(order, user));
    this.#leasing = lease.catch(() => {});
    return lease.then(leased => [...leased.values()].map(toHeldLaunch));
  }

  endLease(user: object): void {
    for (const worker of this.#workers.values()) worker.users.delete(user);
  }

  yieldTurns(turns: readonly string[]): Promise<void> {
    const yielded = this.#leasing.then(() => {
      const { signal } = this.#stopping;
      return yieldTurns(turns, [...this.#workers.values()], 'a test file', signal);
    });
    this.#leasing = yielded.catch(() => {});
    return yielded;
  }

  async stop(order: StopOrder): Promise<readonly unknown[]> {
    this.#stopping.abort(new Error('the run is over'));
    await this.#leasing;
    const shared = [...this.#workers.values()];
    const untold = shared.flatMap(worker => worker.takeUntoldDeath() ?? []);
    const of = new Map(shared.map(worker => [worker.worker, worker]));
    const problems = await stopInOrder([...of.keys()], {
      stop: async worker => {
        const own = of.get(worker) as SharedWorker;
        const stopped = own.stop();
        if (order.kind === 'soon') await Promise.race([stopped, sleep(order.graceMs).then(() => own.kill())]);
        await stopped;
      },
      waitsFor: (worker, other) => of.get(worker)?.waitsFor.has(other) === true,
    });
    await Promise.all([...this.#projects.values()].map(({ services }) => services.close()));
    return [...untold, ...problems];
  }

  /** @throws the codes of a launch, or the end of such a worker that no test file was told */
  async #lease(order: LeaseOrder, user: object): Promise<ReadonlyMap<string, SharedWorker>> {
    const { env, setByJest, jestNode } = order;
    const origin = { env, setByJest, jestNode };
    const project = await this.#project(order.rootDir);
    const leased = new Map<string, SharedWorker>();
    const fresh: SharedWorker[] = [];
    process.umask(order.umask);
    // A file that begins after a death has a fresh worker, however soon after.
    await untilExitsHeard([...this.#workers.values()].map(({ worker }) => worker.runner));
    for (const spec of order.workers.map(withoutModuleProbes)) {
      const key = await keyOf(spec, order.rootDir, origin);
      const known = this.#find(key);
      const worker = known ?? new SharedWorker(spec, project, origin);
      if (!known) {
        this.#workers.set(key, worker);
        fresh.push(worker);
      }
      leased.set(spec.name, worker);
    }
    for (const worker of leased.values()) {
      worker.users.add(user);
      worker.waitsFor = new Set(worker.spec.after.flatMap(name => leased.get(name)?.worker ?? []));
    }
    const others = [...this.#workers.values()].filter(worker => ![...leased.values()].includes(worker));
    await startTogether(fresh, leased, others, this.#stopping.signal);
    return leased;
  }

  /** @throws its end, when that came while no file used it */
  #find(key: string): SharedWorker | undefined {
    const known = this.#workers.get(key);
    if (!known || known.isUsable) return known;
    const death = known.takeUntoldDeath();
    this.#workers.delete(key);
    void known.stop().catch(() => {});
    if (death) throw death;
    return undefined;
  }

  async #project(rootDir: string): Promise<SharedProject> {
    const known = this.#projects.get(rootDir);
    if (known) return known;
    const { run, isSuccessor, onLost } = this.#options;
    if (isSuccessor) {
      const folder = join(rootDir, '.live-worker', runName(run));
      await endLeftovers(findLeftovers([folder]), 'a supervisor that was killed');
    }
    const project = new SharedProject({ rootDir, run, onLost });
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

/** Before ports are given out: each launch gets its own. */
async function keyOf(spec: WorkerSpec, rootDir: string, origin: LaunchOrigin): Promise<string> {
  const ports = Object.fromEntries(spec.ports.map(name => [name, 1]));
  return workerKey(spec, await planLaunch(spec, rootDir, { ports }, origin), origin.jestNode);
}
