import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { identifyProcess, isAlive } from '../../../process/table/process-identity.ts';

export interface TurnNote {
  readonly testPath: string;
  readonly pid: number;
  readonly startTime: number | undefined;
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  readonly host: string;
  /** The project's. */
  readonly folder: string;
}

/**
 * Notes beside the logs that say which test file holds the turn on a queue. The broker is the lock and does not tell who
 * holds it; a note only lets the progress line of those who wait say for whom.
 */
export class TurnNotes {
  /** The project's. */
  readonly folder: string;
  readonly #folder: string;
  readonly #written = new Set<string>();

  constructor(base: string) {
    this.folder = dirname(base);
    this.#folder = join(base, 'turns');
  }

  /** Returns what it wrote. */
  write(key: string, testPath: string): TurnNote {
    const { folder } = this;
    const note = { testPath, ...identifyProcess(process.pid), sinceMs: Date.now(), host: hostname(), folder };
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(this.#path(key), JSON.stringify(note), { mode: 0o600 });
      this.#written.add(key);
    } catch {
      // A full disk: those who wait are not told for whom.
    }
    return note;
  }

  /** False when another file has had the turn since this one wrote its note. */
  isOurs(key: string): boolean {
    return !this.#written.has(key) || this.#read(key)?.pid === process.pid;
  }

  /** True when a process that lives holds the turn by its note, although the broker has let go of it. */
  isClaimed(key: string): boolean {
    const note = this.read(key);
    return note !== undefined && note.pid !== process.pid;
  }

  /** Undefined where the holder is gone, or belongs to another checkout or another machine. */
  read(key: string): TurnNote | undefined {
    const note = this.#read(key);
    return note && isAlive(note) ? note : undefined;
  }

  /** Never throws: what cannot be removed names a process that is gone soon, and a reader looks for that process. */
  removeOwn(): void {
    for (const key of this.#written) if (this.isOurs(key)) this.#remove(key);
    this.#written.clear();
  }

  /** Never throws: what cannot be removed names a process that no longer has the turn. */
  remove(key: string): void {
    if (this.#written.delete(key)) this.#remove(key);
  }

  #remove(key: string): void {
    try {
      rmSync(this.#path(key), { force: true });
    } catch {
      // A folder that has become read-only.
    }
  }

  /** Undefined without a note: the holder belongs to another checkout or another machine. */
  #read(key: string): TurnNote | undefined {
    try {
      return JSON.parse(readFileSync(this.#path(key), 'utf8')) as TurnNote;
    } catch {
      return undefined;
    }
  }

  #path(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex').slice(0, 16));
  }
}
