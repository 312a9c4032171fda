import type { SupervisorOrder } from '../client/start-supervisor.ts';
import type { SharedWorkers } from '../workers/shared-workers.ts';
import type { Holdings } from './holdings.ts';
import type { Supervisor } from './supervisor.ts';

/** The workers of the run. What launches and proves them is loaded with the first lease: most of it is slow to load. */
export function lateHoldings({ run, number }: SupervisorOrder, supervisorOf: () => Supervisor): Holdings {
  let loading: Promise<SharedWorkers> | undefined;
  const load = async () => {
    const [{ SharedWorkers }, { redirectNotices }] = await Promise.all([
      import('../workers/shared-workers.ts'),
      import('../../text/notice.ts'),
    ]);
    redirectNotices(text => supervisorOf().notice(text));
    return new SharedWorkers({
      run,
      isSuccessor: number > 0,
      onLost: error => supervisorOf().turnLost(error),
    });
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    lease: async (order, user) => (await loaded()).lease(order, user),
    endLease: user => void loading?.then(workers => workers.endLease(user)).catch(() => {}),
    yieldTurns: async turns => (loading ? (await loading).yieldTurns(turns) : undefined),
    stop: async order => (loading ? (await loading).stop(order) : []),
  };
}
