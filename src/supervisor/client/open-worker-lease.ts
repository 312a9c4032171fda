import { LiveWorkerError } from '../../errors.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { WorkerExit } from '../../worker/lifecycle/lifecycle-events.ts';
import { ownOrigin } from '../../worker/prepare/plan-launch.ts';
import { deferred } from '../../worker/runner/deferred.ts';
import { followParent, leaveParent } from '../../worker/runner/follow-parent.ts';
import type { LeasedWorker, LeaseRequest, WorkerLease } from '../../worker/runner/worker-lease.ts';
import type { LeasedLaunch, LeaseOrder, LeasePush } from '../protocol.ts';
import { unpackError } from '../reported-error.ts';
import { openSupervisor } from './open-supervisor.ts';
import { joinRun, placeOfRun } from './run-membership.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/** What the configuration of a test file says of the time after the run. */
type AfterRun = Pick<LeaseOrder, 'keepAliveMs' | 'tests'>;

/**
 * The workers of the run that a test file uses, started where they do not run yet. The lease is a connection of its own: it ends
 * with that, however this process ends.
 *
 * @throws SUPERVISOR_UNSAFE, SUPERVISOR_NOT_STARTED, REPORTER_MISSING, or the codes of a launch
 */
export async function openWorkerLease(request: LeaseRequest, after: AfterRun): Promise<WorkerLease> {
  const news = new LeaseNews(request.workers);
  followParent(news);
  try {
    return await askForLease(request, after, news);
  } catch (error) {
    leaveParent(news);
    throw error;
  }
}

async function askForLease(
  { workers, rootDir, testFile, servers = [] }: LeaseRequest,
  after: AfterRun,
  news: LeaseNews,
): Promise<WorkerLease> {
  await joinRun();
  const client = await openSupervisor(placeOfRun());
  const { env, setByJest, jestNode } = ownOrigin();
  client.listen(push => news.hear(push));
  const origin = { env: { ...env }, setByJest, jestNode, umask: process.umask() };
  const order = { rootDir, testFile, workers, servers, ...origin, ...after };
  const answer = await client.ask({ kind: 'lease', order });
  if (answer.kind === 'refused') {
    client.end();
    throw unpackError(answer.error);
  }
  return leaseOf(client, news, answer.workers);
}

function leaseOf(client: SupervisorClient, news: LeaseNews, launches: readonly LeasedLaunch[]): WorkerLease {
  let isEnded = false;
  const lost = deferred<LiveWorkerError>();
  void client.closed.then(() => {
    if (isEnded) return;
    const error = client.lost();
    news.fail(error);
    lost.resolve(error);
  });
  news.onTurnLost = error => lost.resolve(error);
  for (const { ready } of news.workers()) client.await(ready.promise);
  return {
    workers: new Map(launches.map(launch => [launch.name, news.workerOf(launch)])),
    lost: lost.promise,
    async untilHeard() {
      // What was pushed before the answer was heard before it.
      await client.ask({ kind: 'ping' }).catch(() => {});
    },
    async end() {
      isEnded = true;
      await client.ask({ kind: 'finish' }).catch(() => {});
      leaveParent(news);
      client.end();
    },
  };
}

interface WorkerNews {
  readonly ready: ReturnType<typeof deferred<ProcessIdentity>>;
  readonly exit: ReturnType<typeof deferred<WorkerExit>>;
  waitsFor: string;
}

/** What the supervisor has told of the workers of one lease. */
class LeaseNews {
  onTurnLost: (error: LiveWorkerError) => void = () => {};
  readonly #workers: ReadonlyMap<string, WorkerNews>;

  constructor(workers: readonly WorkerSpec[]) {
    this.#workers = new Map(
      workers.map(({ name }) => [name, { ready: deferred(), exit: deferred(), waitsFor: '' }]),
    );
    // A start may fail before the file waits for it.
    for (const { ready } of this.#workers.values()) ready.promise.catch(() => {});
  }

  workerOf({ name, ...launch }: LeasedLaunch): LeasedWorker {
    const news = this.#of(name);
    return {
      ...launch,
      ready: news.ready.promise,
      whyNotReady: () => news.waitsFor,
      onExit: listener => void news.exit.promise.then(listener),
    };
  }

  workers(): Iterable<WorkerNews> {
    return this.#workers.values();
  }

  fail(error: LiveWorkerError): void {
    for (const { ready } of this.#workers.values()) ready.reject(error);
  }

  hear(push: LeasePush): void {
    switch (push.kind) {
      case 'ready':
        this.#of(push.worker).ready.resolve(push.leader);
        return;
      case 'failed':
        this.#of(push.worker).ready.reject(unpackError(push.error));
        return;
      case 'waiting':
        this.#of(push.worker).waitsFor = push.why;
        return;
      case 'exited':
        this.#of(push.worker).exit.resolve(push.exit);
        return;
      case 'notice':
      case 'echo':
        process.stderr.write(push.text);
        return;
      case 'serverLost':
      case 'turnLost':
        this.onTurnLost(unpackError(push.error) as LiveWorkerError);
        return;
      default:
        push satisfies never;
    }
  }

  #of(name: string): WorkerNews {
    const news = this.#workers.get(name);
    if (!news)
      throw new LiveWorkerError(
        'SUPERVISOR_LOST',
        `The supervisor told of a worker "${name}" that was not asked for`,
      );
    return news;
  }
}
