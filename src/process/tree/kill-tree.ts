import { setTimeout as sleep } from 'node:timers/promises';
import treeKill from 'tree-kill';
import type { ProcessIdentity } from '../table/process-entry.ts';
import { isAlive } from '../table/process-identity.ts';
import type { ProcessReader } from '../table/process-reader.ts';
import { selectProcessReader } from '../table/select-process-reader.ts';
import { signalGroup, signalProcess } from './signal-process.ts';
import { findWorkerTree, type WorkerMark } from './worker-tree.ts';

const emptyScansWanted = 3;
const pauseBetweenScansMs = 3;

/** A process that outlived SIGKILL: another user's, or stuck in the kernel. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/**
 * Sends SIGKILL to everything with the mark, again and again until three scans in a row find nothing (a process between
 * fork and exec does not carry the mark yet), for at most `limitMs`. Resolves with what is still alive.
 */
export async function killTree(
  mark: WorkerMark,
  limitMs: number,
  reader: ProcessReader = selectProcessReader(),
): Promise<readonly Survivor[]> {
  const deadline = performance.now() + limitMs;
  for (let emptyScans = 0; ; await sleep(pauseBetweenScansMs)) {
    const members = findWorkerTree(mark, reader);
    if (!members) return mark.leader ? killWithoutTable(mark.leader, deadline) : [];
    emptyScans = members.length === 0 ? emptyScans + 1 : 0;
    if (emptyScans === emptyScansWanted) return [];
    for (const member of members) signalProcess(member, 'SIGKILL', reader);
    if (performance.now() > deadline) {
      return members.map(({ pid }) => ({ pid, command: reader.commandLine(pid) }));
    }
  }
}

/** Where processes cannot be listed: the leader and its group, on Windows the leader and all below it while it lives. */
async function killWithoutTable(leader: ProcessIdentity, deadline: number): Promise<readonly Survivor[]> {
  if (process.platform === 'win32') return killOnWindows(leader);
  signalProcess(leader, 'SIGKILL');
  while (signalGroup(leader.pid, 'SIGKILL') !== 'gone') {
    if (performance.now() > deadline) return [{ pid: leader.pid, command: 'a process of its group' }];
    await sleep(pauseBetweenScansMs);
  }
  return [];
}

async function killOnWindows(leader: ProcessIdentity): Promise<readonly Survivor[]> {
  if (!isAlive(leader)) return [];
  await new Promise<void>(resolve => treeKill(leader.pid, 'SIGKILL', () => resolve()));
  return isAlive(leader) ? [{ pid: leader.pid, command: 'the process that was started' }] : [];
}
