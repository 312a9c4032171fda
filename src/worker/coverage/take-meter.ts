import { type CoverageTake, takeCoverage } from '../../process/coverage/take-coverage.ts';
import type { ProcessExit, RunningWorker } from '../../process/running-worker.ts';
import { resolveWorkerMark } from '../../process/tree/resolve-worker-mark.ts';
import { findWorkerTree } from '../../process/tree/worker-tree.ts';
import type { WorkerControl } from '../runner/worker-control.ts';
import type { CoverageMeter } from './coverage-meter.ts';

/** For all Node processes of a worker together, in milliseconds. */
const limitMs = 3_000;

/** What was seen of the ends of a worker's launches. */
export interface WorkerMeasures {
  readonly exits: readonly LeaderExit[];
  readonly takes: readonly CoverageTake[];
}

interface LeaderExit extends ProcessExit {
  readonly pid: number;
  /** It was asked to end, and its processes to write what they ran. */
  readonly isAsked: boolean;
}

interface Measured {
  readonly exits: LeaderExit[];
  readonly takes: CoverageTake[];
  /** Leaders that were asked to end. */
  readonly asked: Set<number>;
}

/** Takes the coverage of Node by its inspector, and remembers what may be missing. */
export class TakeMeter implements CoverageMeter {
  readonly #workers = new Map<string, Measured>();

  follow({ plan, leader, exited }: RunningWorker): void {
    const { exits, asked } = this.#of(plan.worker);
    void exited.then(exit => exits.push({ ...exit, pid: leader.pid, isAsked: asked.has(leader.pid) }));
  }

  async take({ spec, running, logs }: Pick<WorkerControl, 'spec' | 'running' | 'logs'>): Promise<void> {
    if (!running) return;
    const { takes, asked } = this.#of(spec.name);
    asked.add(running.leader.pid);
    const tree = findWorkerTree(resolveWorkerMark(running, logs)) ?? [];
    takes.push(...(await takeCoverage(tree, limitMs)));
  }

  of(worker: string): WorkerMeasures {
    return this.#of(worker);
  }

  #of(worker: string): Measured {
    const known = this.#workers.get(worker) ?? { exits: [], takes: [], asked: new Set() };
    this.#workers.set(worker, known);
    return known;
  }
}
