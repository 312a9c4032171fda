import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listNames } from '../../files/list-names.ts';
import { listParents } from '../../files/list-parents.ts';
import { isDirectory, isFile } from '../../files/path-kind.ts';
import { findNearestName } from '../../text/find-nearest-name.ts';
import { findVenvs } from './find-venvs.ts';

/** Where a Python module is that an interpreter did not find. */
export interface FoundPythonModule {
  /** The interpreters of the virtual environments that have it. */
  readonly interpreters: readonly string[];
  /** The folders of the project it could be imported from: what PYTHONPATH would have to name. */
  readonly sourceFolders: readonly string[];
  /** When the project does not have it: what it has that is called much alike. */
  readonly nearest?: NearestModule | undefined;
  /** When the project has it: what its file defines, as far as that can be read. */
  readonly names?: readonly string[];
}

interface NearestModule {
  readonly module: string;
  /** Its file or folder. */
  readonly path: string;
}

/** Looks for a module, such as `ops_core.tasks`, in the virtual environments a worker could use and in the project itself. */
export function findPythonModule(
  module: string,
  context: { readonly cwd: string; readonly rootDir: string },
): FoundPythonModule {
  const { venvs } = findVenvs({ ...context, platform: process.platform });
  const folders = sourceFolders(context);
  const having = folders.filter(folder => hasModule(folder, module));
  return {
    interpreters: venvs
      .filter(({ folder }) => sitePackages(folder).some(packages => hasModule(packages, module)))
      .map(({ python }) => python),
    sourceFolders: having,
    nearest: having.length > 0 ? undefined : nearestModule(module, folders),
    names: having.slice(0, 1).flatMap(folder => definedNames(folder, module)),
  };
}

/** The folders come from the worker's own on. */
function nearestModule(module: string, folders: readonly string[]): NearestModule | undefined {
  for (const folder of folders) {
    const parts = module.split('.');
    const known = parts.findIndex((_, index) => !hasModule(folder, parts.slice(0, index + 1).join('.')));
    const home = join(folder, ...parts.slice(0, known));
    const name = findNearestName(parts[known] ?? '', modulesIn(home));
    if (name === undefined) continue;
    const path = isFile(join(home, `${name}.py`)) ? join(home, `${name}.py`) : join(home, name);
    return { module: [...parts.slice(0, known), name].join('.'), path };
  }
  return undefined;
}

function modulesIn(folder: string): readonly string[] {
  return listNames(folder)
    .filter(name => /^[A-Za-z]\w*(?:\.py)?$/.test(name) && hasModule(folder, name.replace(/\.py$/, '')))
    .map(name => name.replace(/\.py$/, ''));
}

const longestRead = 256 * 1024;

/** What stands at the left margin of its file. */
function definedNames(folder: string, module: string): readonly string[] {
  const path = join(folder, ...module.split('.'));
  const file = [`${path}.py`, join(path, '__init__.py')].find(isFile);
  const text = file === undefined ? '' : readFileSync(file, 'utf8').slice(0, longestRead);
  const names = [...text.matchAll(definition)].map(match => match[1] ?? match[2] ?? '');
  return [...new Set(names)].filter(name => !name.startsWith('_'));
}

const definition = /^(?:(?:async )?def |class )(\w+)|^(\w+)(?: *: *[^=\n]+)? *=(?!=)/gm;

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
  if (module === '') return false;
  const path = join(folder, ...module.split('.'));
  return isFile(`${path}.py`) || listNames(path).some(name => /\.(?:py|so|pyd)$/.test(name));
}
