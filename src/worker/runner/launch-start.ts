import type { CoverageMeter } from '../coverage/coverage-meter.ts';
import type { LifecycleEvent } from '../lifecycle/lifecycle-events.ts';
import type { ProbeBoard } from '../prepare/probe-board.ts';
import type { RunnerReports } from './worker-control.ts';
import type { WorkerLaunch } from './worker-launch.ts';

/** What a leader's exit takes to be heard of, at most, when it was found dead; milliseconds. */
const exitDelayMs = 250;

export interface LaunchStartOptions extends Pick<RunnerReports, 'spec' | 'look' | 'askStacks'> {
  readonly board: ProbeBoard;
  readonly meter?: CoverageMeter | undefined;
  dispatch(event: LifecycleEvent): void;
}

/** The way of a launch until it is ready or late: its spawn, its deadline, its probes, the question what it is doing. */
export class LaunchStart {
  readonly #options: LaunchStartOptions;
  #probing = new AbortController();
  #deadline: NodeJS.Timeout | undefined;

  constructor(options: LaunchStartOptions) {
    this.#options = options;
  }

  async spawn(launch: WorkerLaunch, count: number): Promise<void> {
    const { dispatch, meter } = this.#options;
    try {
      const running = await launch.spawn();
      meter?.follow(running);
      dispatch({ kind: 'spawned', launch: count });
      void running.exited.then(exit =>
        dispatch({ kind: 'exited', launch: count, exit, atMs: performance.now() }),
      );
    } catch (error) {
      dispatch({ kind: 'spawn-failed', launch: count, error });
    }
  }

  /** A busy event loop hears of the time before it hears of an exit that came first. */
  armDeadline(launch: WorkerLaunch, count: number): void {
    const { spec, dispatch } = this.#options;
    const pass = () => dispatch({ kind: 'deadline', launch: count });
    this.#deadline = setTimeout(() => {
      if (launch.processes?.isLeaderAlive === false) this.#deadline = setTimeout(pass, exitDelayMs);
      else pass();
    }, spec.startTimeoutMs);
  }

  disarmDeadline(): void {
    clearTimeout(this.#deadline);
  }

  async probe({ prepared, processesOrThrow }: WorkerLaunch, count: number): Promise<void> {
    const { board, dispatch } = this.#options;
    this.#probing = new AbortController();
    const outcome = await prepared.gate(processesOrThrow.running, board, this.#probing.signal);
    if (outcome.kind === 'ready') dispatch({ kind: 'probes-ready', launch: count });
    if (outcome.kind === 'fatal') {
      const { probe, why } = outcome;
      dispatch({ kind: 'probe-fatal', launch: count, probe: probe.description, why });
    }
  }

  cancelProbes(): void {
    this.#probing.abort();
  }

  /** Looked at first: the question may end it. */
  async askStacks(launch: WorkerLaunch, count: number): Promise<void> {
    const { look, askStacks, dispatch } = this.#options;
    const seen = look({ kind: 'timeout' });
    launch.seenHanging = seen;
    launch.seenHanging = { ...seen, ...(await askStacks()) };
    dispatch({ kind: 'stacks-told', launch: count });
  }
}
