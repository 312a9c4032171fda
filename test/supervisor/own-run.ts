import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPidSpace } from '../../src/process/table/pid-space.ts';
import type { ProcessIdentity } from '../../src/process/table/process-entry.ts';
import { isAlive } from '../../src/process/table/process-identity.ts';
import { signalProcess } from '../../src/process/tree/signal-process.ts';
import type { RunIdentity } from '../../src/records/run-identity.ts';
import { type OpenOptions, openSupervisor } from '../../src/supervisor/client/open-supervisor.ts';
import type { SupervisorClient } from '../../src/supervisor/client/supervisor-client.ts';
import type { SupervisorPlace } from '../../src/supervisor/socket/place.ts';
import { parseSocketName } from '../../src/supervisor/socket/socket-names.ts';
import { repository } from '../end-to-end/harness/folders.ts';
import { startShell, untilDead } from '../process/own-processes.ts';

/** The built program of a supervisor. */
export const program = join(repository, 'dist/supervisor/process/main.js');

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) {
    for (const supervisor of supervisorsIn(folder)) signalProcess(supervisor, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
});

export interface OwnRun extends SupervisorPlace {
  /** Stands for Jest: it sleeps. */
  readonly jest: ProcessIdentity;
  open(options?: OpenOptions): Promise<SupervisorClient>;
}

/** A run of its own, in a folder of its own unless it shares one; whatever supervises it ends with the test. */
export function ownRun(folder = ownFolder()): OwnRun {
  const jest = startShell('exec sleep 50');
  const place = { folder, run: runOf(jest) };
  return { ...place, jest, open: options => openSupervisor(place, { program, ...options }) };
}

export function runOf({ pid, startTime }: ProcessIdentity): RunIdentity {
  return { pid, startTime: startTime ?? 0, space: readPidSpace() };
}

export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lw-test-'));
  chmodSync(folder, 0o700);
  folders.push(folder);
  return folder;
}

/** The process at the other end; a test without it makes no sense. */
export function supervisorOf({ supervisor }: SupervisorClient): ProcessIdentity {
  if (!supervisor) throw new Error('nobody knows whose socket it is');
  return supervisor;
}

/** Living ones, by the names of their sockets. */
export function supervisorsIn(folder: string): readonly ProcessIdentity[] {
  return readdirSync(folder)
    .map(parseSocketName)
    .flatMap(name => (name?.owner === undefined ? [] : [name.owner]))
    .filter(isAlive);
}

export async function kill(identity: ProcessIdentity, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  signalProcess(identity, signal);
  await untilDead(identity);
}
