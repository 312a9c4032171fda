import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry, ProcessIdentity } from '../../src/process/table/process-entry.ts';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { readCommandLine, readProcessTable } from '../../src/process/table/process-table.ts';
import { signalProcess } from '../../src/process/tree/signal-process.ts';

export interface OwnProcess extends ProcessIdentity {
  readonly pid: number;
  /** Resolves when it is dead and reaped. */
  readonly exited: Promise<unknown>;
}

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Where its output goes; it is opened for appending. */
  readonly log?: string;
  /** False: in the group of Jest. */
  readonly detached?: boolean;
}

const owned: ProcessIdentity[] = [];
const folders: string[] = [];

afterEach(() => {
  for (const identity of owned.splice(0)) end(identity);
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-process-'));
  folders.push(folder);
  return folder;
}

/** Runs a shell script, which must limit its own time: `sleep 60` at most. */
export function startShell(script: string, options: StartOptions = {}): OwnProcess {
  return startProcess('/bin/sh', ['-c', script], options);
}

export function startProcess(file: string, args: readonly string[], options: StartOptions = {}): OwnProcess {
  const { env = {}, log, detached = true } = options;
  const output = log === undefined ? 'ignore' : openSync(log, 'a');
  const child: ChildProcess = spawn(file, args, {
    env: { PATH: process.env.PATH, SUITE_FILE: process.env.SUITE_FILE, ...env },
    stdio: ['ignore', output, output],
    detached,
  });
  if (typeof output === 'number') closeSync(output);
  const identity = own(child.pid as number);
  return { ...identity, exited: once(child, 'exit') };
}

/** The process, and whoever is left of the group it led. */
function end(identity: ProcessIdentity): void {
  const isOfGroup = ({ group, startTime }: ProcessEntry) =>
    group === identity.pid && startTime >= (identity.startTime ?? Number.POSITIVE_INFINITY);
  for (const member of (readProcessTable() ?? []).filter(isOfGroup)) signalProcess(member, 'SIGKILL');
  signalProcess(identity, 'SIGKILL');
}

/** Ends with the test, whatever happens. */
export function own(pid: number): ProcessIdentity {
  const identity = identifyProcess(pid);
  owned.push(identity);
  return identity;
}

/** Returns what restores the platform there is. */
export function pretendWindows(): () => void {
  const { platform } = process;
  const pretend = (value: string) =>
    Object.defineProperty(process, 'platform', { value, configurable: true });
  pretend('win32');
  return () => void pretend(platform);
}

/** A cookie for one test alone. */
export function uniqueId(): string {
  return `test.${randomUUID()}`;
}

/** A command that ends within a minute, with a duration no other process has. */
export function uniqueSleep(): string {
  return `sleep 50.${randomInt(1e12)}`;
}

/** Waits until as many processes with that exact command line are there, and owns them. */
export async function untilSeen(command: string, count = 1): Promise<readonly ProcessIdentity[]> {
  for (;;) {
    const seen = (readProcessTable() ?? []).filter(
      ({ pid, state }) => state !== 'Z' && readCommandLine(pid) === command,
    );
    if (seen.length >= count) return seen.map(({ pid }) => own(pid));
    await sleep(5);
  }
}

export async function untilDead(identity: ProcessIdentity): Promise<void> {
  while (isAlive(identity)) await sleep(5);
}
