import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../src/process/table/process-entry.ts';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { processesOf } from '../end-to-end/harness/project.ts';

const sampleMs = 20;

/** The processes of a project: who was seen is told by pid and start time, who was not by what it carries. */
export class SeenProcesses {
  readonly #projectId: string;
  readonly #seen = new Map<string, ProcessIdentity>();

  constructor(projectId: string) {
    this.#projectId = projectId;
  }

  /** Looks again and again until so many milliseconds are over. */
  async lookFor(milliseconds: number): Promise<void> {
    for (const until = performance.now() + milliseconds; performance.now() < until; ) {
      for (const line of processesOf(this.#projectId)) this.#note(identifyProcess(pidOf(line)));
      await sleep(Math.min(sampleMs, Math.max(0, until - performance.now())));
    }
  }

  living(): readonly string[] {
    return [...processesOf(this.#projectId), ...[...this.#seen.values()].filter(isAlive).map(nameOf)];
  }

  /** Those that are told by what they carry. */
  killAll(): void {
    for (const line of processesOf(this.#projectId)) process.kill(pidOf(line), 'SIGKILL');
  }

  #note(identity: ProcessIdentity): void {
    this.#seen.set(nameOf(identity), identity);
  }
}

function pidOf(line: string): number {
  return Number.parseInt(line, 10);
}

function nameOf({ pid, startTime }: ProcessIdentity): string {
  return `pid ${pid} of ${startTime}`;
}
