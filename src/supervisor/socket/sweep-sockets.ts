import { lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../../files/list-names.ts';
import { isAlive } from '../../process/table/process-identity.ts';
import { runName } from '../../records/run-identity.ts';
import { connectTo } from './connect-to.ts';
import type { SupervisorPlace } from './place.ts';
import { isKeptName, parseSocketName, type SocketName } from './socket-names.ts';

const dayMs = 24 * 60 * 60 * 1_000;

export interface SweepOptions {
  /** The run is over although its process lives, as a cycle of watch mode is. */
  readonly isRunOver: boolean;
}

/**
 * Removes the names of supervisors that are dead, of runs that are over. While a run lasts its names stay: who finds one
 * dead takes the next number, and all have to find the same.
 */
export async function sweepSockets(place: SupervisorPlace, { isRunOver }: SweepOptions): Promise<void> {
  const all = listNames(place.folder);
  const kept = all.filter(name => isKeptName(name));
  const names = all
    .map(parseSocketName)
    .filter(name => name !== undefined)
    .filter(name => (isRunOver && name.run === runName(place.run)) || isOver(name, place));
  for (const name of [...names.map(({ name }) => name), ...kept])
    await removeIfDead(join(place.folder, name));
}

/** Of another boot or container nothing is known but the age. */
function isOver({ name, runOwner, place: home }: SocketName, { folder, run }: SupervisorPlace): boolean {
  if (home === runName(run).split('-')[2]) return !isAlive(runOwner);
  const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > dayMs;
}

async function removeIfDead(path: string): Promise<void> {
  const socket = await connectTo(path);
  if (socket === 'refused') rmSync(path, { force: true });
  else if (typeof socket === 'object') socket.destroy();
}
