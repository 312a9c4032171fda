import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** This package's own folder: what is built is one file for each door, wherever its parts were written. */
export function packageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** A program of this package that runs in a process of its own. @param name from `dist` */
export function ownProgram(name: string): string {
  return join(packageFolder(), 'dist', name);
}
