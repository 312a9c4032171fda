import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identifyProcess, isAlive } from '../process/process-identity.ts';

interface TurnNote {
  readonly testPath: string;
  readonly pid: number;
  readonly startTime: number | undefined;
}

/**
 * Notes beside the logs that say which test file holds the turn on a queue. The broker is the lock and tells nobody who
 * holds it; a note only lets the progress line of those who wait say for whom.
 */
export class TurnNotes {
  readonly #folder: string;
  readonly #written: string[] = [];

  constructor(base: string) {
    this.#folder = join(base, 'turns');
  }

  write(key: string, testPath: string): void {
    const note: TurnNote = { testPath, ...identifyProcess(process.pid) };
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      writeFileSync(this.#path(key), JSON.stringify(note), { mode: 0o600 });
    } catch {
      // A full disk: those who wait are not told for whom.
    }
    this.#written.push(this.#path(key));
  }

  /** The holder as it stands in a progress line. */
  describeHolder(key: string): string {
    try {
      const note = JSON.parse(readFileSync(this.#path(key), 'utf8')) as TurnNote;
      if (isAlive(note)) return `${note.testPath} (pid ${note.pid})`;
    } catch {
      // No note: the holder belongs to another checkout or another machine.
    }
    return 'another project or machine';
  }

  removeOwn(): void {
    for (const path of this.#written.splice(0)) rmSync(path, { force: true });
  }

  #path(key: string): string {
    return join(this.#folder, createHash('sha256').update(key).digest('hex').slice(0, 16));
  }
}
