import { join } from 'node:path';
import { findVenvs } from './find-venvs.ts';
import { listNames } from './list-names.ts';
import { listParents } from './list-parents.ts';
import { isDirectory, isFile } from './path-kind.ts';

/** Where a Python module is that an interpreter did not find. */
export interface PythonModulePlaces {
  /** The interpreters of the virtual environments that have it. */
  readonly interpreters: readonly string[];
  /** The folders of the project it could be imported from: what PYTHONPATH would have to name. */
  readonly sourceFolders: readonly string[];
}

/** Looks for a module, such as `ops_core.tasks`, in the virtual environments a worker could use and in the project itself. */
export function findPythonModule(
  module: string,
  place: { readonly cwd: string; readonly rootDir: string },
): PythonModulePlaces {
  const { venvs } = findVenvs({ ...place, platform: process.platform });
  return {
    interpreters: venvs
      .filter(({ folder }) => sitePackages(folder).some(packages => hasModule(packages, module)))
      .map(({ python }) => python),
    sourceFolders: sourceFolders(place).filter(folder => hasModule(folder, module)),
  };
}

function sitePackages(venv: string): readonly string[] {
  const lib = join(venv, 'lib');
  const versions = listNames(lib).filter(name => name.startsWith('python') || name.startsWith('pypy'));
  return [...versions.map(name => join(lib, name, 'site-packages')), join(venv, 'Lib', 'site-packages')];
}

/** Two levels below each directory from the cwd up to the root: `src`, `services/ops`, `packages/ops/src`. */
function sourceFolders({
  cwd,
  rootDir,
}: {
  readonly cwd: string;
  readonly rootDir: string;
}): readonly string[] {
  const parents = listParents(cwd, rootDir);
  const children = parents.flatMap(subfolders);
  return [...new Set([...parents, ...children, ...children.flatMap(subfolders)])];
}

function subfolders(folder: string): readonly string[] {
  return listNames(folder)
    .filter(name => !/^\.|^node_modules$|^venv$|^__pycache__$|^dist$/.test(name))
    .map(name => join(folder, name))
    .filter(isDirectory);
}

function hasModule(folder: string, module: string): boolean {
  const path = join(folder, ...module.split('.'));
  return isFile(`${path}.py`) || listNames(path).some(name => /\.(?:py|so|pyd)$/.test(name));
}
