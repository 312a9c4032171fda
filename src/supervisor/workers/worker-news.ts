import type { LaunchNews } from '../../worker/runner/worker-lease.ts';
import type { SessionReports, SessionWorker } from '../../worker/session-worker.ts';

/** What becomes of a worker, for those that follow it. */
export class WorkerNews {
  readonly #listeners = new Set<(news: LaunchNews) => void>();

  /** They hear of each thing after `reports` has. */
  beside(reports: SessionReports): SessionReports {
    return {
      ...reports,
      onDeath: (death, worker) => {
        reports.onDeath(death, worker);
        this.#tell({ kind: 'died', death });
      },
      onRestartFailed: (error, worker) => {
        reports.onRestartFailed(error, worker);
        this.#tell({ kind: 'restartFailed', error });
      },
      prepareRestart: async (signal, worker) => {
        const [after = { code: null, signal: null }] = worker.restartsMeanwhile.slice(-1);
        this.#tell({ kind: 'restarting', after });
        const prepared = await reports.prepareRestart(signal, worker);
        this.#tell({ kind: 'restarted', plan: prepared.plan });
        return prepared;
      },
      onForcedStop: forced => this.#tell({ kind: 'forced', forced }),
      onChange: worker => this.#tell(stateOf(worker)),
    };
  }

  /** Begins with where it is now. */
  follow(worker: SessionWorker, listener: (news: LaunchNews) => void): { stop(): void } {
    listener(stateOf(worker));
    this.#listeners.add(listener);
    return { stop: () => this.#listeners.delete(listener) };
  }

  #tell(news: LaunchNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

function stateOf({ runner }: SessionWorker): LaunchNews {
  const { state, running, lastExit, flood } = runner;
  return {
    kind: 'state',
    state,
    ...(running ? { leader: running.leader } : {}),
    ...(lastExit ? { exit: lastExit } : {}),
    ...(flood ? { flood } : {}),
  };
}
