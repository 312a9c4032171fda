import { basename, dirname, join, relative, resolve } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { findNearest } from '../../files/find-nearest.ts';
import { listNames } from '../../files/list-names.ts';
import { isDirectory, isFile } from '../../files/path-kind.ts';
import { launchError } from '../../launch/launch-error.ts';
import { findRelatedName } from '../../text/find-nearest-name.ts';

const extensions = ['', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.json'];

/** Looks for the file of a `module` probe before there is a worker that would have to be stopped again. @throws OPTIONS_INVALID */
export function findProbeModule(
  asked: string,
  place: { readonly worker: string; readonly where: string; readonly rootDir: string },
): void {
  const { rootDir } = place;
  const path = resolve(rootDir, asked);
  if (isDirectory(path) || extensions.some(extension => isFile(path + extension))) return;
  throw probeModuleMissing(asked, path, place);
}

function probeModuleMissing(
  asked: string,
  path: string,
  { worker, where, rootDir }: { readonly worker: string; readonly where: string; readonly rootDir: string },
): LiveWorkerError {
  const nearest =
    findNearest(asked, { from: [rootDir], kind: 'file', depth: 6, entries: 4_000 }) ?? findMistyped(path);
  return launchError('OPTIONS_INVALID', worker, {
    what: `its probe module "${asked}" does not exist`,
    tried: [
      `"${path}", resolved from rootDir "${rootDir}"`,
      ...(nearest === undefined ? [] : [`"${nearest}" exists`]),
    ],
    next:
      nearest === undefined
        ? `Write the file, or set ${where}.path to its path from rootDir`
        : `Set ${where}.path to "./${relative(rootDir, nearest)}"`,
    details: { option: `${where}.path`, asked, path, nearest },
  });
}

function findMistyped(path: string): string | undefined {
  const folder = dirname(path);
  const files = listNames(folder).filter(name => isFile(join(folder, name)));
  const name = findRelatedName(basename(path), files);
  return name && join(folder, name);
}
