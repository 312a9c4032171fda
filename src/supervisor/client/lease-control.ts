import { deferred } from '../../worker/runner/deferred.ts';
import type { LeaseControl } from '../../worker/runner/worker-lease.ts';
import { unpackError } from '../reported-error.ts';
import type { WorkerNews } from './lease-news.ts';
import type { SupervisorClient } from './supervisor-client.ts';

/** What a test file does with a worker that the supervisor holds for it alone. */
export function leaseControl(worker: string, client: SupervisorClient, news: WorkerNews): LeaseControl {
  return {
    async act(action) {
      const answer = await client.ask({ kind: 'act', worker, action });
      if (answer.kind === 'refused') throw unpackError(answer.error);
    },
    async relaunch(env) {
      // The news of it may come right behind the answer.
      const ready = deferred<Awaited<WorkerNews['ready']['promise']>>();
      news.ready = ready;
      const answer = await client.ask({ kind: 'relaunch', worker, env });
      if (answer.kind === 'refused') throw unpackError(answer.error);
      client.await(ready.promise);
      return { plan: answer.plan, ready: ready.promise };
    },
    follow: listener => news.follow(listener),
  };
}
