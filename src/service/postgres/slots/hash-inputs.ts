import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Never read by a migration, and changed by every run. */
const ignored = ['**/node_modules/**', '**/.git/**', '**/.live-worker/**'];

/** What each file that a pattern names holds, by its path from the folder. */
export async function hashInputs(
  folder: string,
  patterns: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { glob } = await import('tinyglobby');
  const paths = await glob([...patterns], {
    cwd: folder,
    ignore: ignored,
    dot: true,
    expandDirectories: true,
  });
  const hashes = paths.sort().map(path => [path, hash(readFileSync(join(folder, path)))] as const);
  return new Map(hashes);
}

export function hash(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The first path that is not the same in both. */
export function firstDifference(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): string | undefined {
  return [...new Set([...one.keys(), ...other.keys()])].find(path => one.get(path) !== other.get(path));
}
