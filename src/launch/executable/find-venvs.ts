import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../../files/list-names.ts';
import { listParents } from '../../files/list-parents.ts';
import { isPresent } from '../../files/path-kind.ts';

/** A Python virtual environment. */
export interface Venv {
  readonly folder: string;
  /** The folder of its programs: `bin`, on Windows `Scripts`. */
  readonly programs: string;
  /** Its interpreter; it may be a dangling link. */
  readonly python: string;
}

interface VenvSearch {
  /** Those of the nearest directory that has any. */
  readonly venvs: readonly Venv[];
  /** Every interpreter path looked at. */
  readonly tried: readonly string[];
}

/** Looks for `.venv`, `venv` and `.tox/*` in each directory from `cwd` up to `rootDir`, and stops at the first that has any. */
export function findVenvs(context: {
  readonly cwd: string;
  readonly rootDir: string;
  readonly platform: NodeJS.Platform;
}): VenvSearch {
  const tried: string[] = [];
  for (const directory of listParents(context.cwd, context.rootDir)) {
    const candidates = candidatesIn(directory).map(folder => venvIn(folder, context.platform));
    tried.push(...candidates.map(({ python }) => python));
    const venvs = withoutAliases(candidates.filter(({ python }) => isPresent(python)));
    if (venvs.length > 0) return { venvs, tried };
  }
  return { venvs: [], tried };
}

/** The folders of a virtual environment, whether it exists or not. */
export function venvIn(folder: string, platform: NodeJS.Platform): Venv {
  const windows = platform === 'win32';
  const programs = join(folder, windows ? 'Scripts' : 'bin');
  return { folder, programs, python: join(programs, windows ? 'python.exe' : 'python') };
}

/** `venv` is often a link to `.venv`. */
function withoutAliases(venvs: readonly Venv[]): readonly Venv[] {
  const folders = venvs.map(({ folder }) => realpathSync(folder));
  return venvs.filter((_, index) => folders.indexOf(folders[index] ?? '') === index);
}

/** tox keeps environments of its own beside the project's, in `.tox/.pkg` and `.tox/.tox`. */
function candidatesIn(directory: string): readonly string[] {
  const tox = listNames(join(directory, '.tox')).filter(name => !name.startsWith('.'));
  return ['.venv', 'venv', ...tox.sort().map(name => join('.tox', name))].map(name => join(directory, name));
}
