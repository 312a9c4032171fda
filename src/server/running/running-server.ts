import { LiveWorkerError } from '../../errors.ts';
import type { PlannedServer, ServerProcess } from '../server-plan.ts';
import { removalLimitMs } from './end-left-server.ts';
import { HeldProcess } from './held-process.ts';
import { makeServerFolder, removeServerFolder } from './server-folder.ts';
import type { ServerWatch } from './server-watch.ts';
import { untilListening } from './until-listening.ts';
import { untilAborted, within } from './within.ts';

const stopOfCommands = { signal: 'SIGTERM', graceMs: 0 } as const;
const pauseMs = 50;

export interface RunningServerOptions {
  /** `Postgres` */
  readonly title: string;
  readonly planned: PlannedServer;
  /** A folder of its logs. */
  readonly records: string;
  readonly watch: ServerWatch;
  /** Logs in at a URL; undefined when that worked, else why not. */
  readonly refusal: (url: string) => Promise<string | undefined>;
  record(event: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** How a server came to its end unasked. */
export interface ServerEnd {
  /** `its process "postgres" (pid 12) was ended by SIGKILL` */
  readonly how: string;
  readonly lastLines: readonly string[];
}

/** One server that is being started, or is up: its processes, its folder, and its end. */
export class RunningServer {
  /** Resolves when it answers. @throws SERVER_UNAVAILABLE */
  readonly up: Promise<void>;
  /** Resolves when a process of it has ended that was not asked to, once it was up. */
  readonly lost: Promise<ServerEnd>;
  readonly #options: RunningServerOptions;
  readonly #released = new AbortController();
  readonly #processes: { readonly held: HeldProcess; readonly spec: ServerProcess }[] = [];
  #ends: Promise<ServerEnd>[] = [];
  #stopped: Promise<readonly string[]> | undefined;

  constructor(options: RunningServerOptions) {
    this.#options = options;
    this.up = this.#start();
    this.lost = this.up.then(() => this.#untilEnded());
    // It may fail before anybody waits for it.
    this.up.catch(() => {});
    this.lost.catch(() => {});
  }

  /** The value of LIVE_WORKER_ID of its last process, which is the server itself; undefined before that is started. */
  get id(): string | undefined {
    return this.#processes.at(-1)?.held.id;
  }

  get isStopped(): boolean {
    return this.#stopped !== undefined;
  }

  /** Resolves with what could not be undone, a line each. The same for every call. */
  stop(): Promise<readonly string[]> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #start(): Promise<void> {
    const { planned, watch, record } = this.#options;
    const { plan, port, source } = planned;
    const startedAt = performance.now();
    try {
      watch.begin(plan);
      makeServerFolder(plan);
      record('server.starting', { source, port, folder: plan.folder });
      for (const command of plan.prepare) await this.#prepare(command);
      for (const spec of plan.processes) await this.#startProcess(spec);
      await this.#untilAnswers();
      record('server.ready', { tookMs: Math.round(performance.now() - startedAt) });
    } catch (error) {
      const end = error instanceof ServerFailed ? error.end : { how: String(error), lastLines: [] };
      record('server.failed', { how: end.how });
      await this.stop();
      throw this.#startFailed(end);
    }
  }

  async #prepare(command: ServerPlanCommand): Promise<void> {
    const { planned, watch } = this.#options;
    this.#released.signal.throwIfAborted();
    const held = this.#spawn(command);
    watch.watch(held, stopOfCommands.signal);
    const { signal } = this.#released;
    const how = await within(planned.startLimitMs, held.ended, signal);
    await held.stop(stopOfCommands);
    watch.forget(held);
    const lastLines = held.lastLines();
    held.close();
    if (how === undefined && !signal.aborted)
      throw new ServerFailed({
        how: `"${command.name}" was not done after ${planned.startLimitMs / 1_000} s`,
        lastLines,
      });
    if (how === undefined) throw new Error(`${planned.source} was not wanted any more`);
    if (held.exitCode !== 0) throw new ServerFailed({ how: `"${command.name}" ${how}`, lastLines });
  }

  async #startProcess(spec: ServerProcess): Promise<void> {
    const { watch, record } = this.#options;
    this.#released.signal.throwIfAborted();
    const held = this.#spawn(spec);
    this.#processes.push({ held, spec });
    watch.watch(held, spec.stop.signal);
    if (held.pid !== undefined) record('server.spawned', { process: spec.name, pid: held.pid, id: held.id });
    const end = held.ended.then(how => this.#endOf(held, how));
    this.#ends = [...this.#ends, end];
    if (spec.port === undefined || spec === this.#options.planned.plan.processes.at(-1)) return;
    await this.#unlessEnded(signal => untilListening(spec.port as number, signal), 'did not listen');
  }

  async #untilAnswers(): Promise<void> {
    const { planned, refusal } = this.#options;
    let answer: string | undefined = 'nothing';
    await this.#unlessEnded(
      async signal => {
        if (planned.port) await untilListening(planned.port, signal);
        while (!signal.aborted) {
          answer = await refusal(planned.url);
          if (answer === undefined) return;
          await new Promise(resolve => setTimeout(resolve, pauseMs));
        }
      },
      () => `still answered "${answer}"`,
    );
  }

  /** @throws ServerFailed when a process ends first, or when it takes too long */
  async #unlessEnded(
    work: (signal: AbortSignal) => Promise<void>,
    late: string | (() => string),
  ): Promise<void> {
    const { startLimitMs } = this.#options.planned;
    const over = new AbortController();
    const limit = setTimeout(() => over.abort('late'), startLimitMs);
    const ended = Promise.race(this.#ends);
    const released = untilAborted(this.#released.signal);
    try {
      const end = await Promise.race([work(over.signal), ended, released.then(() => 'released' as const)]);
      if (end === 'released') throw new Error('it was not wanted any more');
      if (end) throw new ServerFailed(end);
      if (!over.signal.aborted) return;
      const what = typeof late === 'string' ? late : late();
      const held = this.#processes.at(-1)?.held;
      throw new ServerFailed({
        how: `it ${what} after ${startLimitMs / 1_000} s`,
        lastLines: held?.lastLines() ?? [],
      });
    } finally {
      clearTimeout(limit);
      over.abort();
    }
  }

  #spawn(command: ServerPlanCommand): HeldProcess {
    const { planned, records } = this.#options;
    const { folder, user } = planned.plan;
    return new HeldProcess(command, { cwd: folder, records, user });
  }

  #endOf(held: HeldProcess, how: string): ServerEnd {
    const pid = held.pid === undefined ? '' : ` (pid ${held.pid})`;
    return { how: `its process "${held.name}"${pid} ${how}`, lastLines: held.lastLines() };
  }

  async #untilEnded(): Promise<ServerEnd> {
    const end = await Promise.race(this.#ends);
    if (this.isStopped) return new Promise(() => {});
    this.#options.record('server.lost', { how: end.how });
    return end;
  }

  async #stop(): Promise<readonly string[]> {
    const { planned, watch, record } = this.#options;
    this.#released.abort();
    const problems: string[] = [];
    for (const { held, spec } of this.#processes.toReversed()) {
      const survivors = await held.stop(spec.stop);
      for (const { pid, command } of survivors) problems.push(`pid ${pid} outlived SIGKILL: ${command}`);
    }
    const { removal, folder } = planned.plan;
    if (removal && this.#processes.length > 0) await this.#remove(removal);
    // The watchdog does all of that until here.
    for (const { held } of this.#processes) watch.forget(held);
    for (const { held } of this.#processes) held.close();
    try {
      removeServerFolder(folder);
    } catch (error) {
      problems.push(`its folder ${folder} could not be removed: ${(error as Error).message}`);
    }
    if (problems.length === 0) watch.end();
    record('server.stopped', { problems });
    return problems;
  }

  /** The processes are gone by then, most often with what they stood for. */
  async #remove(removal: ServerPlanCommand): Promise<void> {
    const held = this.#spawn(removal);
    await within(removalLimitMs, held.ended);
    await held.stop(stopOfCommands);
    held.close();
  }

  #startFailed({ how, lastLines }: ServerEnd): LiveWorkerError {
    const { title, planned, records } = this.#options;
    return new LiveWorkerError(
      'SERVER_UNAVAILABLE',
      [
        `Cannot start ${title} for this run (${planned.source}): ${how}`,
        ...lastLines.map(line => `    ${line}`),
        `logs:   ${records}`,
      ].join('\n'),
      { details: { title, source: planned.source, how, records } },
    );
  }
}

type ServerPlanCommand = PlannedServer['plan']['prepare'][number];

class ServerFailed extends Error {
  readonly end: ServerEnd;

  constructor(end: ServerEnd) {
    super(end.how);
    this.end = end;
  }
}
