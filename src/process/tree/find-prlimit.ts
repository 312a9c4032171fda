import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

let found: { readonly path: string | undefined } | undefined;

/** The path of prlimit(1), looked for once; undefined where there is none. */
export function findPrlimit(): string | undefined {
  found ??= { path: searchPrlimit() };
  return found.path;
}

function searchPrlimit(): string | undefined {
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/bin']
    .filter(isAbsolute)
    .map(folder => join(folder, 'prlimit'))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
