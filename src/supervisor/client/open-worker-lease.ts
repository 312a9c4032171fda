import { ownOrigin } from '../../worker/prepare/plan-launch.ts';
import { deferred } from '../../worker/runner/deferred.ts';
import { followParent, leaveParent } from '../../worker/runner/follow-parent.ts';
import type { LeasedWorker, LeaseLoss, LeaseRequest, WorkerLease } from '../../worker/runner/worker-lease.ts';
import type { LeasedLaunch, LeaseOrder } from '../protocol.ts';
import { unpackError } from '../reported-error.ts';
import { leaseControl } from './lease-control.ts';
import { LeaseNews } from './lease-news.ts';
import { openSupervisor } from './open-supervisor.ts';
import { joinRun, placeOfRun } from './run-membership.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/** What the configuration of a test file says of the time after the run. */
type AfterRun = Pick<LeaseOrder, 'keepAliveMs' | 'tests'>;

/**
 * The workers that a test file has the supervisor of the run hold, started where they do not run yet. The lease is a connection of its
 * own: it ends with that, however this process ends.
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

async function askForLease(request: LeaseRequest, after: AfterRun, news: LeaseNews): Promise<WorkerLease> {
  await joinRun();
  const client = await openSupervisor(placeOfRun());
  const { env, setByJest, jestNode } = ownOrigin();
  client.listen(push => news.hear(push));
  const origin = { env: { ...env }, setByJest, jestNode, umask: process.umask() };
  const { slots, ...rest } = request;
  const order = { ...rest, ...(slots ? { slots } : {}), ...origin, ...after };
  const answer = await client.ask({ kind: 'lease', order });
  if (answer.kind === 'refused') {
    client.end();
    throw unpackError(answer.error);
  }
  return leaseOf(client, news, answer.workers);
}

function leaseOf(client: SupervisorClient, news: LeaseNews, launches: readonly LeasedLaunch[]): WorkerLease {
  let isEnded = false;
  const lost = deferred<LeaseLoss>();
  void client.closed.then(() => {
    if (isEnded) return;
    const error = client.lost();
    news.fail(error);
    lost.resolve({ error });
  });
  news.onTurnLost = loss => lost.resolve(loss);
  for (const { ready } of news.all) client.await(ready.promise);
  return {
    workers: new Map(launches.map(launch => [launch.name, leasedWorker(launch, client, news)])),
    lost: lost.promise,
    get isEnded() {
      return isEnded;
    },
    async readTap(worker, after) {
      const answer = await client.ask({ kind: 'readTap', worker, after }).catch(() => undefined);
      return answer?.reading ?? undefined;
    },
    async untilHeard() {
      // What was pushed before the answer was heard before it.
      await client.ask({ kind: 'ping' }).catch(() => {});
    },
    async end() {
      isEnded = true;
      const finished = await client.ask({ kind: 'finish' }).catch(() => undefined);
      leaveParent(news);
      client.end();
      return (finished?.problems ?? []).map(unpackError);
    },
  };
}

function leasedWorker(
  { name, isOwn, ...launch }: LeasedLaunch,
  client: SupervisorClient,
  news: LeaseNews,
): LeasedWorker {
  const own = news.of(name);
  return {
    ...launch,
    ready: own.ready.promise,
    whyNotReady: () => own.waitsFor,
    onExit: listener => void own.exit.promise.then(listener),
    ...(isOwn ? { control: leaseControl(name, client, own) } : {}),
  };
}
