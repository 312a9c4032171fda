import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { isSameSpace, readPidSpace } from '../../process/table/pid-space.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import { killTree } from '../../process/tree/kill-tree.ts';
import { removeServerFolder } from '../../server/running/server-folder.ts';
import { listServerRecords, type ServerRecord } from './server-records.ts';

const killLimitMs = 5_000;

/** Undoes the servers whose supervisors died together with their watchdogs: processes, containers, folders. */
export async function sweepServers(socketFolder: string): Promise<void> {
  for (const { path, record } of listServerRecords(socketFolder)) {
    if (!isOwnerDead(record)) continue;
    for (const id of record.ids) await killTree({ id, leader: undefined, logPaths: [] }, killLimitMs);
    await removeContainer(record);
    removeServerFolder(record.folder);
    rmSync(path, { force: true });
  }
}

/** Of another boot or container nothing is known. */
function isOwnerDead({ owner }: ServerRecord): boolean {
  const { pid, startTime } = owner;
  return isSameSpace(owner, readPidSpace()) && !isAlive({ pid, startTime: startTime || undefined });
}

async function removeContainer({ removal }: ServerRecord): Promise<void> {
  if (!removal) return;
  const [file, ...args] = removal.command;
  const child = spawn(file, args, { env: removal.environment, stdio: 'ignore' });
  await Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => {});
}
