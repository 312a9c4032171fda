import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeLogFiles, type LogFiles, openLogFiles } from '../../logs/open-log-files.ts';
import { readLastLines } from '../../logs/read-last-lines.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { identifyProcess, isAlive } from '../../process/table/process-identity.ts';
import { askToEnd } from '../../process/tree/ask-to-end.ts';
import { killTree, type Survivor } from '../../process/tree/kill-tree.ts';
import type { WorkerMark } from '../../process/tree/worker-tree.ts';
import type { ServerCommand, ServerProcess, ServerUser } from '../server-plan.ts';

const killLimitMs = 9_000;
const pauseMs = 5;
const linesShown = 12;

/** Where a process of a server stands, and as whom it runs. */
export interface ProcessPlace {
  readonly cwd: string;
  /** Of its logs. */
  readonly records: string;
  readonly user?: ServerUser | undefined;
}

/** A process of a server, with all that it starts: found by the cookie in its environment, as those of a worker are. */
export class HeldProcess {
  /** The value of LIVE_WORKER_ID; the number before its last word is the process that holds it. */
  readonly id: string;
  readonly name: string;
  /** How it ended, for a sentence: `ended with exit code 1`, `did not start: spawn initdb EACCES`. */
  readonly ended: Promise<string>;
  readonly #logs: LogFiles;
  readonly #child: ChildProcess;
  readonly #leader: ProcessIdentity | undefined;

  constructor({ name, command, environment }: ServerCommand, { cwd, records, user }: ProcessPlace) {
    this.id = `${name}.${process.pid}.${randomBytes(6).toString('hex')}`;
    this.name = name;
    this.#logs = openLogFiles(records, name);
    const [file, ...args] = command;
    this.#child = spawn(file, args, {
      cwd,
      env: { ...environment, LIVE_WORKER_ID: this.id },
      detached: true,
      stdio: ['ignore', this.#logs.stdout.descriptor, this.#logs.stderr.descriptor],
      windowsHide: true,
      ...(user && { uid: user.uid, gid: user.gid }),
    });
    this.#child.unref();
    this.ended = untilEnded(this.#child);
    this.#leader = this.#child.pid === undefined ? undefined : identifyProcess(this.#child.pid);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get exitCode(): number | null {
    return this.#child.exitCode;
  }

  get mark(): WorkerMark {
    const { stdout, stderr } = this.#logs;
    return {
      id: this.id,
      leader: this.#leader,
      logPaths: [stdout.path, stderr.path],
      logFiles: [stdout.identity, stderr.identity],
    };
  }

  /** Of both streams, what was written to stderr last. */
  lastLines(): readonly string[] {
    const { stdout, stderr } = this.#logs;
    return [stdout, stderr]
      .flatMap(file => readLastLines(file, file.mark(0), linesShown).lines)
      .slice(-linesShown);
  }

  /** Politely to the leader, then by force to everything; resolves with what outlived that. */
  async stop({ signal, graceMs }: ServerProcess['stop']): Promise<readonly Survivor[]> {
    const leader = this.#leader;
    const deadline = performance.now() + graceMs;
    if (leader && graceMs > 0) {
      askToEnd(leader, signal);
      while (isAlive(leader) && performance.now() < deadline) await sleep(pauseMs);
    }
    return killTree({ ...this.mark, known: new Map() }, killLimitMs);
  }

  /** Lets go of its logs. */
  close(): void {
    closeLogFiles(this.#logs);
  }
}

function untilEnded(child: ChildProcess): Promise<string> {
  return new Promise(resolve => {
    child.once('error', error => resolve(`did not start: ${error.message}`));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`),
    );
  });
}
