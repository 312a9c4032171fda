import { setTimeout as sleep } from 'node:timers/promises';
import treeKill from 'tree-kill';
import type { ProcessIdentity } from './process-identity.ts';
import { isAlive } from './process-identity.ts';
import { readCommandLine } from './process-table.ts';
import { signalGroup, signalProcess } from './signal-process.ts';
import { findWorkerTree, type WorkerMark } from './worker-tree.ts';

const emptyScansWanted = 3;
const pauseBetweenScansMs = 5;

/** A process that outlived SIGKILL: somebody else's, or stuck in the kernel. */
export interface Survivor {
  readonly pid: number;
  readonly command: string;
}

/**
 * Sends SIGKILL to everything with the mark, again and again until three scans in a row find nothing (a process between
 * fork and exec does not carry the mark yet), for at most `limitMs`. Resolves with what is still alive.
 */
export async function killTree(mark: WorkerMark, limitMs: number): Promise<readonly Survivor[]> {
  const deadline = performance.now() + limitMs;
  for (let emptyScans = 0; ; await sleep(pauseBetweenScansMs)) {
    const members = findWorkerTree(mark);
    if (!members) return mark.leader ? killWithoutTable(mark.leader, deadline) : [];
    emptyScans = members.length === 0 ? emptyScans + 1 : 0;
    if (emptyScans === emptyScansWanted) return [];
    for (const member of members) signalProcess(member, 'SIGKILL');
    if (performance.now() > deadline) {
      return members.map(({ pid }) => ({ pid, command: readCommandLine(pid) }));
    }
  }
}

/** Where there is no /proc: the leader's group, and what tree-kill finds below the leader while it lives. */
async function killWithoutTable(leader: ProcessIdentity, deadline: number): Promise<readonly Survivor[]> {
  if (isAlive(leader)) await new Promise<void>(resolve => treeKill(leader.pid, 'SIGKILL', () => resolve()));
  while (process.platform !== 'win32' && signalGroup(leader.pid, 'SIGKILL') !== 'gone') {
    if (performance.now() > deadline) return [{ pid: leader.pid, command: 'a process of its group' }];
    await sleep(pauseBetweenScansMs);
  }
  return [];
}
