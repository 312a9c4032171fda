import type { LifecycleEvent } from '../lifecycle/lifecycle-events.ts';
import { openGrace } from './open-grace.ts';
import type { RunnerReports } from './worker-control.ts';
import type { RecordEvent, WorkerLaunch } from './worker-launch.ts';

export interface LaunchStopOptions extends Pick<RunnerReports, 'spec' | 'onForcedStop'> {
  readonly record: RecordEvent;
  dispatch(event: LifecycleEvent): void;
}

/** The end of a launch: the polite signal, its grace, and SIGKILL. */
export class LaunchStop {
  readonly #options: LaunchStopOptions;
  #grace: { close(): void } | undefined;

  constructor(options: LaunchStopOptions) {
    this.#options = options;
  }

  signalLeader(launch: WorkerLaunch, count: number): void {
    if (launch.askToEnd()) this.#options.dispatch({ kind: 'leader-found-dead', launch: count });
  }

  armGrace(launch: WorkerLaunch, count: number): void {
    const { spec, record, onForcedStop, dispatch } = this.#options;
    this.#grace = openGrace({
      spec,
      pid: launch.processesOrThrow.running.leader.pid,
      isLeaderAlive: () => launch.processes?.isLeaderAlive ?? false,
      onOver: forced => {
        record('worker.killing', { ...forced });
        onForcedStop(forced);
        dispatch({ kind: 'grace-over', launch: count });
      },
    });
  }

  disarmGrace(): void {
    this.#grace?.close();
  }

  async releaseTree(launch: WorkerLaunch, count: number): Promise<void> {
    const { dispatch } = this.#options;
    const gone = await launch.release();
    if (gone === 'gone') dispatch({ kind: 'tree-gone', launch: count });
    if (gone === 'unknown') dispatch({ kind: 'kill-asked' });
  }

  async killTree(launch: WorkerLaunch, count: number): Promise<void> {
    const survivors = await launch.kill();
    this.#options.dispatch({ kind: 'tree-killed', launch: count, survivors: survivors.length });
  }
}
