import { lstatSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { isLiveWorkerError } from '../../errors.ts';
import { listNames } from '../../files/list-names.ts';
import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import { runName } from '../../records/run-identity.ts';
import { ourVersion } from '../our-version.ts';
import { connectTo } from '../socket/connect-to.ts';
import type { SupervisorPlace } from '../socket/place.ts';
import { parseSocketName, type SocketName } from '../socket/socket-names.ts';
import { supervisorLogPath } from '../supervisor-log-path.ts';
import { SupervisorClient } from './supervisor-client.ts';

/** A connection to the supervisor of the run, or the number the next one gets. */
export type FoundSupervisor =
  | { readonly kind: 'found'; readonly client: SupervisorClient }
  | { readonly kind: 'none'; readonly next: number }
  /** One was about to end, or to die: look again. */
  | { readonly kind: 'changing' };

export interface FindOptions {
  /** Instead of this package's own. */
  readonly version?: string;
  readonly beatMs?: number;
}

/** Asks each supervisor of the run that there is or was, in order. Dead ones and those of another version keep their numbers. */
export async function findSupervisor(
  place: SupervisorPlace,
  options: FindOptions = {},
): Promise<FoundSupervisor> {
  const names = listElected(place);
  for (const name of names) {
    const socket = await connectTo(join(place.folder, name.name));
    if (socket === 'absent' || socket === 'busy') return { kind: 'changing' };
    if (socket === 'refused') continue;
    const met = await greet(socket, place.folder, name.name, options);
    if (met !== 'otherVersion') return met;
  }
  return { kind: 'none', next: (names.at(-1)?.number ?? -1) + 1 };
}

function listElected({ folder, run }: SupervisorPlace): readonly SocketName[] {
  return listNames(folder)
    .map(parseSocketName)
    .filter(name => name !== undefined)
    .filter(name => name.run === runName(run) && name.owner === undefined)
    .sort((one, other) => one.number - other.number);
}

/** Agrees with the supervisor at the other end, whose socket has this name, on the version. */
export async function greet(
  socket: Socket,
  folder: string,
  name: string,
  { version = ourVersion(), beatMs }: FindOptions = {},
): Promise<FoundSupervisor | 'otherVersion'> {
  const client = new SupervisorClient(socket, {
    supervisor: ownerOf(folder, name),
    logPath: supervisorLogPath(folder),
    ...(beatMs === undefined ? {} : { beatMs }),
  });
  try {
    const { kind } = await client.ask({ kind: 'hello', version });
    if (kind === 'welcome') return { kind: 'found', client };
    if (kind === 'ending') await client.untilClosed();
    else client.end();
    return kind === 'ending' ? { kind: 'changing' } : 'otherVersion';
  } catch (error) {
    if (isLiveWorkerError(error)) return { kind: 'changing' };
    throw error;
  }
}

/** The other name of the same socket tells whose it is, also when it does not answer. */
function ownerOf(folder: string, name: string): ProcessIdentity | undefined {
  const inode = inodeOf(folder, name);
  const own = listNames(folder)
    .map(parseSocketName)
    .find(other => other?.owner !== undefined && inodeOf(folder, other.name) === inode);
  return own?.owner;
}

function inodeOf(folder: string, name: string): number | undefined {
  return lstatSync(join(folder, name), { throwIfNoEntry: false })?.ino;
}
