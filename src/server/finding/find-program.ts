import { existsSync } from 'node:fs';
import { join } from 'node:path';
import which from 'which';

export type Environment = Readonly<Record<string, string | undefined>>;

/** On the PATH of that environment. */
export function findProgram(name: string, { PATH = '', PATHEXT }: Environment): string | undefined {
  return which.sync(name, { nothrow: true, path: PATH, ...(PATHEXT && { pathExt: PATHEXT }) }) ?? undefined;
}

/** The first of these folders that has all of the programs. */
export function findFolderOf(programs: readonly string[], folders: readonly string[]): string | undefined {
  return folders.find(folder => programs.every(name => existsSync(join(folder, name))));
}
