import { rmSync } from 'node:fs';
import { isSameSpace, readPidSpace } from '../../process/table/pid-space.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import { endLeftServer } from '../../server/running/end-left-server.ts';
import { listServerRecords, type ServerRecord } from './server-records.ts';

/** Undoes the servers whose supervisors died together with their watchdogs: processes, containers, folders. */
export async function sweepServers(socketFolder: string): Promise<void> {
  for (const { path, record } of listServerRecords(socketFolder)) {
    if (!isOwnerDead(record)) continue;
    await endLeftServer(record);
    rmSync(path, { force: true });
  }
}

/** Of another boot or container nothing is known. */
function isOwnerDead({ owner }: ServerRecord): boolean {
  const { pid, startTime } = owner;
  return isSameSpace(owner, readPidSpace()) && !isAlive({ pid, startTime: startTime || undefined });
}
