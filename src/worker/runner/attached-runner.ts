import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StartFailure } from '../../diagnose/evidence.ts';
import { LiveWorkerError } from '../../errors.ts';
import type { LogView } from '../../logs/log-view.ts';
import type { LogFiles } from '../../logs/open-log-files.ts';
import type { WorkerSpec } from '../../options/options.ts';
import type { GateOutcome } from '../../probe/until-ready.ts';
import type { RunningWorker } from '../../process/running-worker.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import type { HeldWorker } from '../../records/held-worker.ts';
import { findHeldWorker } from '../../records/held-workers.ts';
import { idle, type LifecycleState } from '../lifecycle/lifecycle.ts';
import type { WorkerExit } from '../lifecycle/lifecycle-events.ts';
import type { PreparedLaunch } from '../prepare/prepared-launch.ts';
import { ProbeBoard } from '../prepare/probe-board.ts';
import type { RunnerReports, WorkerControl } from './worker-control.ts';

/** It has one launch only, as far as we see. */
const attached = { ...idle, launch: 1 };
const pollMs = 20;
/** How long `run` may take to note how its worker ended. */
const exitNoteMs = 300;

export interface AttachedRunnerOptions extends RunnerReports {
  readonly view: LogView;
  /** Undefined for a worker that nobody we know holds. */
  readonly held: HeldWorker | undefined;
}

/** Watches a worker that somebody else started: waits for its probes, notices its end, and never sends it a signal. */
export class AttachedRunner implements WorkerControl {
  readonly spec: WorkerSpec;
  readonly view: LogView;
  readonly board = new ProbeBoard(answer => {
    if (answer.kind === 'pending') this.#unmet.abort();
  });
  held: HeldWorker | undefined;
  /** Whoever started it minds how much it writes. */
  readonly flood = undefined;
  readonly #options: AttachedRunnerOptions;
  readonly #over = new AbortController();
  /** Aborted by the first probe that is not satisfied. */
  readonly #unmet = new AbortController();
  #state: LifecycleState = idle;
  #prepared: PreparedLaunch | undefined;
  #running: RunningWorker | undefined;
  #lastExit: WorkerExit | undefined;
  #watch: NodeJS.Timeout | undefined;

  constructor(options: AttachedRunnerOptions) {
    this.#options = options;
    this.spec = options.spec;
    this.view = options.view;
    this.held = options.held;
  }

  get logs(): LogFiles {
    return this.view.files;
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get prepared(): PreparedLaunch | undefined {
    return this.#prepared;
  }

  get running(): RunningWorker | undefined {
    return this.#running;
  }

  get isDying(): boolean {
    return false;
  }

  get lastExit(): WorkerExit | undefined {
    return this.#lastExit;
  }

  /** Resolves when the probes are satisfied. @throws ATTACH_FAILED at once when nobody holds it and they are not. */
  async start(prepared: PreparedLaunch): Promise<void> {
    this.#prepared = prepared;
    this.#state = { ...attached, kind: 'probing', exitAsked: false };
    this.#record('worker.attached', { pid: this.held?.leader?.pid ?? null, id: this.held?.id ?? null });
    const { leader } = this.held ?? {};
    if (leader) await this.#untilHeldReady(prepared, leader);
    else await this.#expectReady(prepared);
    if (this.#over.signal.aborted) throw notRunning(this.spec.name);
    this.#state = { ...attached, kind: 'ready', exitAsked: false };
    this.#record('worker.ready');
  }

  /** It goes on: only the watching ends. */
  async stop(): Promise<void> {
    this.#over.abort();
    clearInterval(this.#watch);
    this.#running = undefined;
    if (this.#state.kind !== 'idle') this.#state = { ...attached, kind: 'stopped' };
  }

  async kill(): Promise<void> {
    throw notOurs(this.spec.name);
  }

  signal(): void {
    throw notOurs(this.spec.name);
  }

  pause(): void {
    throw notOurs(this.spec.name);
  }

  resume(): void {
    throw notOurs(this.spec.name);
  }

  async #untilHeldReady(prepared: PreparedLaunch, leader: ProcessIdentity): Promise<void> {
    const gone = new AbortController();
    this.#running = {
      plan: prepared.plan,
      logs: this.logs,
      leader,
      exited: new Promise(() => {}),
      notified: this.#untilNotified(),
    };
    this.#watch = setInterval(() => {
      if (isAlive(leader)) return;
      clearInterval(this.#watch);
      void this.#untilExitNoted().then(exit => this.#noteEnd(exit, gone));
    }, pollMs).unref();
    const late = AbortSignal.timeout(this.spec.startTimeoutMs);
    const signal = AbortSignal.any([gone.signal, late, this.#over.signal]);
    const outcome = await prepared.gate(this.#running, this.board, signal);
    if (outcome.kind === 'ready' || this.#over.signal.aborted) return;
    const { look, explain } = this.#options;
    const failure = this.#failureOf(outcome);
    throw explain(failure, look(failure));
  }

  #failureOf(outcome: GateOutcome): StartFailure {
    if (outcome.kind === 'fatal')
      return { kind: 'probe-fatal', probe: outcome.probe.description, why: outcome.why };
    return this.#lastExit ? { kind: 'exited', exit: this.#lastExit } : { kind: 'timeout' };
  }

  /** Nobody starts it, so there is nothing to wait for: every probe is asked once. */
  async #expectReady(prepared: PreparedLaunch): Promise<void> {
    const signal = AbortSignal.any([this.#unmet.signal, this.#over.signal]);
    const outcome = await prepared.gate({ notified: new Promise(() => {}) }, this.board, signal);
    const isProven = outcome.kind === 'ready' && this.board.entries().length > 0;
    if (!isProven && !this.#over.signal.aborted) throw notThere(this.spec.name, this.board);
  }

  #noteEnd(exit: WorkerExit, gone: AbortController): void {
    if (this.#over.signal.aborted) return;
    const wasReady = this.#state.kind === 'ready';
    this.#lastExit = exit;
    this.#state = {
      ...attached,
      kind: 'stopping',
      phase: 'reaping',
      leaderGone: true,
      diedUnasked: false,
      before: undefined,
      restartAfter: undefined,
    };
    this.#record('worker.exited', { ...exit });
    gone.abort();
    const { onExit } = this.spec;
    if (wasReady) this.#options.onDeath({ kind: onExit === 'ignore' ? 'ignored' : 'failure', exit });
  }

  /** `run` writes down how its worker ended; whoever was killed together with it does not. */
  async #untilExitNoted(): Promise<WorkerExit> {
    const deadline = performance.now() + exitNoteMs;
    for (;;) {
      const exit = this.held && readExit(this.held);
      if (exit) return exit;
      if (performance.now() > deadline) return { code: null, signal: null };
      await new Promise(resolve => setTimeout(resolve, pollMs));
    }
  }

  /** The descriptor of a `notify` probe leads to whoever started it, who notes when all probes were satisfied. */
  async #untilNotified(): Promise<void> {
    while (!this.#over.signal.aborted) {
      const held = findHeldWorker(this.#prepared?.rootDir ?? '', this.spec.name);
      if (held?.readyAtMs !== undefined) return;
      await new Promise(resolve => setTimeout(resolve, pollMs).unref());
    }
  }

  #record(event: string, fields: Readonly<Record<string, unknown>> = {}): void {
    this.#options.timeline.record(event, { worker: this.spec.name, ...fields });
  }
}

function readExit({ launchPath, worker, id }: HeldWorker): WorkerExit | undefined {
  try {
    const lines = readFileSync(join(dirname(launchPath), 'events.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    const events = lines.map(line => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const start = events.findLastIndex(
      ({ event, ...fields }) => event === 'worker.spawned' && fields.id === id,
    );
    const end = events
      .slice(start)
      .find(({ event, ...fields }) => event === 'worker.exited' && fields.worker === worker);
    return end && { code: end.code as number | null, signal: end.signal as NodeJS.Signals | null };
  } catch {
    return undefined;
  }
}

function notThere(worker: string, board: ProbeBoard): LiveWorkerError {
  const entries = board.entries();
  const unmet = entries.flatMap(({ probe, answer }) =>
    answer === undefined || answer.kind === 'ready'
      ? []
      : [`  waited for: ${probe}`, `  last seen:  ${answer.why}`],
  );
  const what =
    entries.length === 0
      ? 'none of its probes can tell whether it is there'
      : 'not all its probes are satisfied';
  const lines = [
    `Cannot attach to worker "${worker}": no live-worker run holds it, and ${what}`,
    ...unmet,
    `Start it in another terminal: npx live-worker run ${worker}`,
  ];
  return new LiveWorkerError('ATTACH_FAILED', lines.join('\n'), { details: { worker, probes: entries } });
}

function notOurs(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_ATTACHED', `Worker "${worker}" was not started by this test file`, {
    details: { worker },
  });
}

function notRunning(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${worker}" is not attached to any more`, {
    details: { worker },
  });
}
