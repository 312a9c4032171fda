import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { findNearestName } from '../text/find-nearest-name.ts';

/** What is there instead of a path that is not: the same one from `rootDir`, or one with nearly its name beside it. */
export function findNearestPath(
  { path, asked }: { readonly path: string; readonly asked: string },
  rootDir: string,
): string | undefined {
  const fromRoot = resolve(rootDir, asked);
  if (!isAbsolute(asked) && fromRoot !== path && existsSync(fromRoot)) return fromRoot;
  const folder = dirname(path);
  const name = findNearestName(basename(path), namesIn(folder));
  return name === undefined ? undefined : join(folder, name);
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
