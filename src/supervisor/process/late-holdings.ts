import type { SupervisorOrder } from '../client/start-supervisor.ts';
import type { SharedWorkers } from '../workers/shared-workers.ts';
import type { Holdings } from './holdings.ts';
import type { Supervisor } from './supervisor.ts';

/** The workers of the run. What launches and proves them is loaded with the first lease: most of it is slow to load. */
export function lateHoldings({ run, number }: SupervisorOrder, supervisorOf: () => Supervisor): Holdings {
  let current = run;
  let loading: Promise<SharedWorkers> | undefined;
  let workers: SharedWorkers | undefined;
  const load = async () => {
    const [{ SharedWorkers }, { redirectNotices }] = await Promise.all([
      import('../workers/shared-workers.ts'),
      import('../../text/notice.ts'),
    ]);
    redirectNotices(text => supervisorOf().notice(text));
    workers = new SharedWorkers({
      run: current,
      isSuccessor: number > 0,
      onGivenUp: () => supervisorOf().endWithoutWorkers('its workers gave their queue to another run'),
    });
    return workers;
  };
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  return {
    preload() {
      loaded().catch(() => {});
      void import('../../process/load-execa.ts').then(({ fetchExeca }) => fetchExeca()).catch(() => {});
    },
    lease: async (...order) => (await loaded()).lease(...order),
    finishLease: async (...end) => (await loading)?.finishLease(...end) ?? [],
    clearSlots: async names => (await loading)?.clearSlots(names),
    endLease: user => void loading?.then(shared => shared.endLease(user)).catch(() => {}),
    yieldTurns: async turns => (await loading)?.yieldTurns(turns),
    rest: async session => (await loading)?.rest(session) ?? { problems: [], keepForMs: undefined },
    beginRun(next) {
      current = next;
      workers?.beginRun(next);
    },
    stopUnused: async (...which) =>
      (await loading)?.stopUnused(...which) ?? { workers: [], used: [], problems: [] },
    list: () => workers?.list() ?? [],
    stop: async order => (await loading)?.stop(order) ?? [],
  };
}
