import { linkSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';
import { identifyProcess } from '../../process/table/process-identity.ts';
import type { SupervisorPlace } from './place.ts';
import { electedName, privateName } from './socket-names.ts';

/** A supervisor that was elected. */
export interface Office {
  /** Takes its name away, so that another one may be elected. */
  resign(): void;
}

/**
 * Listens under a name of its own, then links that to the name of the run: a client that finds that name finds a process that
 * listens. Undefined when another supervisor has it already.
 */
export async function elect(
  server: Server,
  place: SupervisorPlace,
  number: number,
): Promise<Office | undefined> {
  const own = join(place.folder, privateName(place.run, number, identifyProcess(process.pid)));
  const elected = join(place.folder, electedName(place.run, number));
  await listen(server, own);
  if (linkTo(own, elected)) return { resign: () => removeOwn(elected, inodeOf(own)) };
  // Node removes the name it listens under.
  server.close();
  return undefined;
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function linkTo(own: string, elected: string): boolean {
  try {
    linkSync(own, elected);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeOwn(elected: string, inode: number | undefined): void {
  if (inode !== undefined && inodeOf(elected) === inode) rmSync(elected, { force: true });
}

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}
