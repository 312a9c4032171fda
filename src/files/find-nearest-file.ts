import { basename, dirname, join } from 'node:path';
import { findNearestName } from '../text/find-nearest-name.ts';
import { findNearest } from './find-nearest.ts';
import { listNames } from './list-names.ts';
import { isDirectory, isFile } from './path-kind.ts';

/** A file that may have been meant by the path of a missing one: beside it, in a folder called much alike, or elsewhere in the project. */
export function findNearestFile(
  path: string,
  { cwd, rootDir }: { readonly cwd: string; readonly rootDir: string },
): string | undefined {
  const folder = isDirectory(dirname(path)) ? dirname(path) : nearestFolder(dirname(path));
  const beside = folder === undefined ? undefined : nearestIn(folder, basename(path));
  return (
    beside ?? findNearest(basename(path), { from: [cwd, rootDir], kind: 'file', depth: 4, entries: 5_000 })
  );
}

function nearestFolder(folder: string): string | undefined {
  const names = listNames(dirname(folder)).filter(name => isDirectory(join(dirname(folder), name)));
  const name = findNearestName(basename(folder), names);
  return name === undefined ? undefined : join(dirname(folder), name);
}

/** Of the same name but for its extension, else of nearly the same. */
function nearestIn(folder: string, wanted: string): string | undefined {
  const files = listNames(folder).filter(name => isFile(join(folder, name)));
  const found =
    files.find(name => name === wanted || stemOf(name) === stemOf(wanted)) ??
    findNearestName(wanted, files) ??
    files.find(name => stemOf(name) === findNearestName(stemOf(wanted), files.filter(isSource).map(stemOf)));
  return found === undefined ? undefined : join(folder, found);
}

function stemOf(name: string): string {
  return name.replace(/\.[^.]*$/, '');
}

function isSource(name: string): boolean {
  return /\.(?:[cm]?[jt]sx?|json|node|py)$/.test(name);
}
