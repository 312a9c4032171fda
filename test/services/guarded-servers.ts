import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { endGuardedProcess } from './end-guarded-process.ts';
import { makeGuardedFolder } from './guarded-folder.ts';
import type { GuardedCommand, GuardedPlan, GuardedServer } from './guarded-plan.ts';
import { type GuardedProcess, startGuardedProcess } from './start-guarded-process.ts';
import { untilListening } from './until-listening.ts';

interface RunningServer extends GuardedProcess {
  readonly stopSignal: NodeJS.Signals;
}

/** A plan being carried out: starts until released, then stops what is running. */
export class GuardedServers {
  readonly #plan: GuardedPlan;
  readonly #released: AbortSignal;
  readonly #untilReleased: Promise<undefined>;
  readonly #running: RunningServer[] = [];

  constructor(plan: GuardedPlan, released: AbortSignal) {
    this.#plan = plan;
    this.#released = released;
    this.#untilReleased = once(released, 'abort').then(() => undefined);
  }

  async start(): Promise<void> {
    makeGuardedFolder(this.#plan);
    for (const command of this.#plan.prepare) await this.#prepare(command);
    for (const server of this.#plan.servers) await this.#startServer(server);
  }

  /** Throws when a server ends before the release. */
  async untilReleased(): Promise<void> {
    const end = await Promise.race([this.#untilReleased, ...this.#running.map(server => server.ended)]);
    if (end !== undefined) throw new Error(end);
  }

  /** True when the closing commands succeeded. */
  async stop(): Promise<boolean> {
    try {
      for (const server of this.#running.toReversed()) await endGuardedProcess(server, server.stopSignal);
      const codes: (number | null)[] = [];
      for (const command of this.#plan.closing) codes.push(await this.#close(command));
      return codes.every(code => code === 0);
    } finally {
      rmSync(this.#plan.folder, { recursive: true, force: true, maxRetries: 10 });
    }
  }

  async #prepare(command: GuardedCommand): Promise<void> {
    this.#released.throwIfAborted();
    const preparation = startGuardedProcess(this.#plan, command, this.#plan.user);
    const end = await Promise.race([preparation.ended, this.#untilReleased]);
    await endGuardedProcess(preparation, 'SIGKILL');
    if (preparation.child.exitCode !== 0) throw new Error(end);
  }

  async #startServer(server: GuardedServer): Promise<void> {
    this.#released.throwIfAborted();
    const started = startGuardedProcess(this.#plan, server, this.#plan.user);
    this.#running.push({ ...started, stopSignal: server.stopSignal });
    const end = await Promise.race([untilListening(server.port, this.#released), started.ended]);
    if (end !== undefined) throw new Error(end);
  }

  async #close(command: GuardedCommand): Promise<number | null> {
    const { child, ended } = startGuardedProcess(this.#plan, command, undefined);
    await ended;
    return child.exitCode;
  }
}
