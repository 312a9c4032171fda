import { createHash } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';

/** Beyond it only size and time tell whether a file has changed. */
const longestHashedBytes = 16 * 1024 * 1024;
const atOnce = 16;

interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ino: number;
}

interface Remembered {
  readonly state: FileState;
  /** Undefined where it was not read, or changed meanwhile. */
  hash: string | undefined;
}

/** What the files were when it was taken. A file that is written anew with the same content has not changed. */
export class FileSnapshot {
  readonly #files: ReadonlyMap<string, Remembered>;
  /** The hashes follow behind; they are compared only where size, time or inode differ. */
  readonly #hashed: Promise<void>;

  private constructor(files: ReadonlyMap<string, Remembered>) {
    this.#files = files;
    this.#hashed = forEach([...files], async ([path, file]) => {
      file.hash = await hashOf(path, file.state);
    });
  }

  /** Resolves when it is known which files there are, and of what size and time. */
  static async take(paths: readonly string[]): Promise<FileSnapshot> {
    const files = new Map<string, Remembered>();
    await forEach(paths, async path => {
      const state = await stateOf(path);
      if (state) files.set(path, { state, hash: undefined });
    });
    return new FileSnapshot(files);
  }

  /** The first file that was added, removed or changed since; undefined where none was. @param paths those there are now */
  async findChange(paths: readonly string[]): Promise<string | undefined> {
    await this.#hashed;
    const changed = new Set<string>();
    const seen = new Set<string>();
    await forEach(paths, async path => {
      const state = await stateOf(path);
      if (!state) return;
      seen.add(path);
      if (await this.#hasChanged(path, state)) changed.add(path);
    });
    for (const path of this.#files.keys()) if (!seen.has(path)) changed.add(path);
    return [...changed].sort()[0];
  }

  async #hasChanged(path: string, state: FileState): Promise<boolean> {
    const known = this.#files.get(path);
    if (!known) return true;
    if (isSame(known.state, state)) return false;
    return known.hash === undefined || known.hash !== (await hashOf(path, state));
  }
}

/** Undefined for what is no file, or not there. */
async function stateOf(path: string): Promise<FileState | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() || found?.isSymbolicLink()
    ? { size: found.size, mtimeMs: found.mtimeMs, ino: found.ino }
    : undefined;
}

async function hashOf(path: string, state: FileState): Promise<string | undefined> {
  if (state.size > longestHashedBytes) return undefined;
  const content = await readFile(path).catch(() => undefined);
  const now = await stateOf(path);
  if (!content || !now || !isSame(state, now)) return undefined;
  return createHash('sha256').update(content).digest('hex');
}

function isSame(one: FileState, other: FileState): boolean {
  return one.size === other.size && one.mtimeMs === other.mtimeMs && one.ino === other.ino;
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let item = rest.pop(); item !== undefined; item = rest.pop()) await work(item);
    }),
  );
}
