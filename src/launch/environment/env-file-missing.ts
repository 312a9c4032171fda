import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { listNames } from '../../files/list-names.ts';
import { listParents } from '../../files/list-parents.ts';
import { isDirectory, isFile } from '../../files/path-kind.ts';
import { findRelatedName } from '../../text/find-nearest-name.ts';
import { launchError } from '../launch-error.ts';
import type { EnvFileContext } from './env-file-context.ts';

/** The error for an env file that is not there: where it was looked for, and where a file of that name is. */
export function envFileMissing(asked: string, file: string, context: EnvFileContext): LiveWorkerError {
  const option = `workers.${context.worker}.envFile`;
  const elsewhere = findElsewhere(asked, file, context);
  const [first] = elsewhere;
  return launchError('ENV_FILE_INVALID', context.worker, {
    what: `env file "${asked}" does not exist`,
    tried: [`"${file}", resolved from cwd "${context.cwd}"`, ...elsewhere.map(path => `"${path}" exists`)],
    next:
      first === undefined
        ? `Write the file, or set ${option} to its path from the worker's cwd`
        : `Set ${option} to "${relative(context.cwd, first)}"`,
    details: { option, asked, file, elsewhere },
  });
}

/** Above the cwd as far as rootDir, in the folders directly under both, above rootDir, or under a similar name in the same folder. */
function findElsewhere(asked: string, file: string, { cwd, rootDir }: EnvFileContext): readonly string[] {
  const folders = [
    ...listParents(cwd, rootDir),
    ...foldersIn(cwd),
    ...foldersIn(rootDir),
    ...foldersAbove(rootDir),
  ];
  const found = folders
    .flatMap(folder => [resolve(folder, asked), join(folder, basename(asked))])
    .filter(isFile);
  if (found.length > 0) return [...new Set(found)].slice(0, 5);
  const similar = findRelatedName(
    basename(file),
    listNames(dirname(file)).filter(name => isFile(join(dirname(file), name))),
  );
  return similar === undefined ? [] : [join(dirname(file), similar)];
}

/** One up, or as far as the repository goes: rootDir may be one of its packages. */
function foldersAbove(rootDir: string): readonly string[] {
  const [, ...above] = listParents(rootDir);
  const top = existsSync(join(rootDir, '.git'))
    ? -1
    : above.findIndex(folder => existsSync(join(folder, '.git')));
  return above.slice(0, Math.max(1, top + 1));
}

function foldersIn(folder: string): readonly string[] {
  const names = listNames(folder).filter(name => name !== 'node_modules' && name !== '.git');
  return names.map(name => join(folder, name)).filter(isDirectory);
}
