import type { LiveWorkerError } from '../../errors.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import { recordAnswers } from '../prepare/record-answers.ts';
import { notShared } from './shared-errors.ts';
import { WatchingRunner } from './watching-runner.ts';
import type { LeasedWorker, WorkerLease } from './worker-lease.ts';

/** A worker of the run: it was started for all test files, and this file asks its probes once more. */
export class LeasedRunner extends WatchingRunner {
  readonly board = new ProbeBoard(recordAnswers((event, fields) => this.record(event, fields)));
  #lease: WorkerLease | undefined;

  /** True between the death of its leader and the news of that. */
  override get isDying(): boolean {
    return this.running !== undefined && !this.lastExit && !isAlive(this.running.leader);
  }

  /** The lease comes before the launch is prepared. */
  takeLease(lease: WorkerLease): LeasedWorker {
    this.#lease = lease;
    return this.#leased();
  }

  whyNotReady(): string {
    return this.running ? '' : (this.#lease?.workers.get(this.spec.name)?.whyNotReady() ?? '');
  }

  async untilHeard(): Promise<void> {
    await this.#lease?.untilHeard();
  }

  protected async untilReady(prepared: PreparedLaunch): Promise<void> {
    const worker = this.#leased();
    if (worker.differs) this.record('worker.differs', { ...worker.differs });
    const leader = await worker.ready;
    const { stdout, stderr } = this.logs;
    const logs = { stdout: stdout.path, stderr: stderr.path };
    this.record('worker.leased', { pid: leader.pid, id: prepared.plan.id, logs });
    const exited = new Promise<WorkerExit>(resolve => worker.onExit(resolve));
    worker.onExit(exit => this.noteEnd(exit));
    const { plan } = prepared;
    await this.untilProven(prepared, {
      plan,
      logs: this.logs,
      leader,
      exited,
      notified: Promise.resolve(),
    });
  }

  protected refusal(action: string): LiveWorkerError {
    return notShared(this.spec.name, action);
  }

  #leased(): LeasedWorker {
    const worker = this.#lease?.workers.get(this.spec.name);
    if (!worker) throw new TypeError(`There is no lease of worker "${this.spec.name}"`);
    return worker;
  }
}
