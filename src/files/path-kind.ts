import { lstatSync, type Stats, statSync } from 'node:fs';

/** True for a regular file, also behind a symbolic link. */
export function isFile(path: string): boolean {
  return stats(statSync, path)?.isFile() === true;
}

/** True for a directory, also behind a symbolic link. */
export function isDirectory(path: string): boolean {
  return stats(statSync, path)?.isDirectory() === true;
}

/** True for anything that has the name, a dangling symbolic link included. */
export function isPresent(path: string): boolean {
  return stats(lstatSync, path) !== undefined;
}

function stats(read: (path: string) => Stats, path: string): Stats | undefined {
  try {
    return read(path);
  } catch {
    return undefined;
  }
}
