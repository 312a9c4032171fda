import type { LiveWorkerError } from '../../errors.ts';
import type { HeldWorker } from '../../records/held-worker.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import { recordAnswers } from '../prepare/record-answers.ts';
import { notAttached, notOurs } from './attach-errors.ts';
import { untilHeldReady, watchHeldWorker } from './held-worker-watch.ts';
import { provePresence } from './prove-presence.ts';
import { WatchingRunner, type WatchingRunnerOptions } from './watching-runner.ts';

export interface AttachedRunnerOptions extends WatchingRunnerOptions {
  /** Undefined for a worker that no `live-worker run` holds. */
  readonly held: HeldWorker | undefined;
}

/** A worker that was started elsewhere: `live-worker run` holds it, or its probes alone tell that it is there. */
export class AttachedRunner extends WatchingRunner {
  readonly #recordAnswer = recordAnswers((event, fields) => this.record(event, fields));
  readonly board = new ProbeBoard((answer, probe) => {
    this.#recordAnswer(answer, probe);
    if (answer.kind === 'pending') this.#unmet.abort();
  });
  held: HeldWorker | undefined;
  /** Aborted by the first probe that is not satisfied. */
  readonly #unmet = new AbortController();
  #watch: { close(): void } | undefined;

  constructor(options: AttachedRunnerOptions) {
    super(options);
    this.held = options.held;
  }

  override async stop(): Promise<void> {
    this.#watch?.close();
    await super.stop();
  }

  protected refusal(): LiveWorkerError {
    return notOurs(this.spec.name);
  }

  /** @throws ATTACH_FAILED at once when no `live-worker run` holds it and its probes are not satisfied */
  protected async untilReady(prepared: PreparedLaunch): Promise<void> {
    this.record('worker.attached', { pid: this.held?.leader?.pid ?? null, id: this.held?.id ?? null });
    if (this.held) await this.#untilHeldReady(prepared, this.held);
    else await this.#provePresence(prepared);
    if (this.over.aborted) throw notAttached(this.spec.name);
    if (!this.lastExit) this.record('worker.ready');
  }

  async #untilHeldReady(prepared: PreparedLaunch, held: HeldWorker): Promise<void> {
    const { leader } = held;
    if (!leader) return this.#provePresence(prepared);
    this.#watch = watchHeldWorker(held, leader, exit => this.noteEnd(exit));
    await this.untilProven(prepared, {
      plan: prepared.plan,
      logs: this.logs,
      leader,
      exited: new Promise(() => {}),
      notified: untilHeldReady(prepared.rootDir, this.spec.name, this.over),
    });
  }

  #provePresence(prepared: PreparedLaunch): Promise<void> {
    const { board, over } = this;
    return provePresence(prepared, { worker: this.spec.name, board, unmet: this.#unmet.signal, over });
  }
}
