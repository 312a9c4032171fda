import { linkSync, lstatSync, rmSync } from 'node:fs';
import type { Server } from 'node:net';
import { join } from 'node:path';

/** The names under which one supervisor is found: links to the name it listens under, which no other process has. */
export class Office {
  readonly #folder: string;
  readonly #own: string;
  readonly #names = new Set<string>();

  private constructor(folder: string, own: string) {
    this.#folder = folder;
    this.#own = own;
  }

  /** Listens first: a client that finds one of its names finds a process that listens. */
  static async open(server: Server, folder: string, own: string): Promise<Office> {
    const office = new Office(folder, own);
    await listen(server, join(folder, own));
    return office;
  }

  /** False when another supervisor has that name. */
  take(name: string): boolean {
    try {
      linkSync(join(this.#folder, this.#own), join(this.#folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
      throw error;
    }
    this.#names.add(name);
    return true;
  }

  /** Takes back each of its names but one. */
  keepOnly(name?: string): void {
    for (const other of this.#names) {
      if (other === name) continue;
      this.#names.delete(other);
      this.#remove(join(this.#folder, other));
    }
  }

  /** Another process may have taken it meanwhile. */
  #remove(path: string): void {
    const own = inodeOf(join(this.#folder, this.#own));
    if (own !== undefined && inodeOf(path) === own) rmSync(path, { force: true });
  }
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

function inodeOf(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.ino;
}
