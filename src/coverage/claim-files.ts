import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../files/list-names.ts';

const suffix = '.counted';

export interface ClaimedFiles {
  /** Those that this call has claimed: no other one counts them. */
  readonly fresh: readonly string[];
  /** Those that were counted before. */
  readonly counted: readonly string[];
}

/** Takes the files of a folder whose names match, each for one caller among all processes of a run. */
export function claimFiles(folder: string, pattern: RegExp): ClaimedFiles {
  const names = listNames(folder);
  const counted = names.filter(name => name.endsWith(suffix));
  return {
    counted: counted
      .filter(name => pattern.test(name.slice(0, -suffix.length)))
      .map(name => join(folder, name)),
    fresh: names
      .filter(name => !counted.includes(name) && pattern.test(name))
      .flatMap(name => claim(join(folder, name))),
  };
}

function claim(path: string): readonly string[] {
  try {
    renameSync(path, `${path}${suffix}`);
    return [`${path}${suffix}`];
  } catch {
    // Another process of the run was faster.
    return [];
  }
}
