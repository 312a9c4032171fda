import type { RunningWorker } from '../../process/running-worker.ts';
import { isDying } from '../../process/table/is-dying.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { isAlive, readProcessEntry } from '../../process/table/process-identity.ts';
import { askToEnd } from '../../process/tree/ask-to-end.ts';
import { killTree, type Survivor } from '../../process/tree/kill-tree.ts';
import { releaseTree } from '../../process/tree/release-tree.ts';
import { resolveWorkerMark } from '../../process/tree/resolve-worker-mark.ts';
import { type SignalOutcome, signalGroup, signalProcess } from '../../process/tree/signal-process.ts';
import { findWorkerTree, type WorkerMark } from '../../process/tree/worker-tree.ts';

/** How long SIGKILL may take to be obeyed, in milliseconds. */
export const killLimitMs = 2_000;

/** The leader of a launch and all its descendants, as one thing that is signalled, paused and ended. */
export class WorkerProcesses {
  readonly running: RunningWorker;
  readonly #mark: WorkerMark;
  #isPaused = false;

  constructor(running: RunningWorker) {
    this.running = running;
    this.#mark = { ...resolveWorkerMark(running, running.logs), known: new Map() };
  }

  get isLeaderAlive(): boolean {
    return isAlive(this.running.leader);
  }

  /** Its end is certain, though its exit was not heard of. */
  get isLeaderDying(): boolean {
    return isDying(this.running.leader) || !this.isLeaderAlive;
  }

  /** The processes that may lose their parent by it are remembered. */
  signalLeader(signal: NodeJS.Signals): SignalOutcome {
    findWorkerTree(this.#mark);
    return signalProcess(this.running.leader, signal);
  }

  /** Asks the leader to end. Where it is stopped the others may be too, and it may wait for them: all are woken. */
  askToEnd(signal: NodeJS.Signals): SignalOutcome {
    const { leader } = this.running;
    if (this.isLeaderDying) return 'gone';
    const isStopped = this.#isPaused || readProcessEntry(leader.pid)?.state === 'T';
    const outcome = askToEnd(leader, signal);
    if (isStopped) this.resume();
    return outcome;
  }

  pause(): void {
    this.#signalTree('SIGSTOP');
    this.#isPaused = true;
  }

  resume(): void {
    this.#signalTree('SIGCONT');
    this.#isPaused = false;
  }

  /** @see {@link releaseTree} */
  release(
    signal: NodeJS.Signals,
    isOver: () => boolean,
    onHeir: (heir: ProcessIdentity) => void,
  ): ReturnType<typeof releaseTree> {
    return releaseTree(this.#mark, { signal, isOver, onHeir });
  }

  /** SIGKILL to everything; resolves with what outlived it. */
  kill(): Promise<readonly Survivor[]> {
    return killTree(this.#mark, killLimitMs);
  }

  #signalTree(signal: NodeJS.Signals): void {
    const members = findWorkerTree(this.#mark);
    if (members) for (const member of members) signalProcess(member, signal);
    else signalGroup(this.running.leader.pid, signal);
  }
}
