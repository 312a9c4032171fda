import { accessSync, constants, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import type { LiveWorkerError } from '../errors.ts';
import { findNearest } from '../files/find-nearest.ts';
import { listNames } from '../files/list-names.ts';
import { listParents } from '../files/list-parents.ts';
import { isDirectory } from '../files/path-kind.ts';
import { findRelatedName } from '../text/find-nearest-name.ts';
import { launchError } from './launch-error.ts';

/** The absolute working directory. @throws LiveWorkerError CWD_UNUSABLE */
export function resolveCwd(
  asked: string,
  context: { readonly worker: string; readonly rootDir: string },
): string {
  const absolute = resolve(context.rootDir, asked);
  const wrong = whatIsWrong(absolute);
  if (wrong !== undefined) throw cwdUnusable(asked, absolute, { ...context, wrong });
  return absolute;
}

function whatIsWrong(absolute: string): string | undefined {
  try {
    if (!statSync(absolute).isDirectory()) return 'is not a directory';
    accessSync(absolute, constants.X_OK);
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
    return code === 'EACCES' ? 'may not be entered by this user' : `cannot be used: ${code}`;
  }
}

function cwdUnusable(
  asked: string,
  absolute: string,
  problem: { readonly worker: string; readonly rootDir: string; readonly wrong: string },
): LiveWorkerError {
  const { worker, rootDir, wrong } = problem;
  const option = `workers.${worker}.cwd`;
  const nearest = wrong === 'may not be entered by this user' ? undefined : findCwd(asked, absolute, rootDir);
  const tried = [`"${absolute}", resolved from rootDir "${rootDir}"`];
  if (nearest !== undefined) tried.push(`"${nearest}" exists`);
  return launchError('CWD_UNUSABLE', worker, {
    what: `its working directory "${asked}" ${wrong}`,
    tried,
    next:
      nearest === undefined
        ? `Set ${option} to a directory, relative to rootDir or absolute`
        : `Set ${option} to "${relative(rootDir, nearest) || '.'}"`,
    details: { option, asked, base: rootDir, absolute, nearest },
  });
}

function findCwd(asked: string, absolute: string, rootDir: string): string | undefined {
  const search = { from: [rootDir], kind: 'directory', depth: 6, entries: 4000 } as const;
  return findNearest(asked, search) ?? findMistyped(absolute);
}

/** Corrects the first component that does not exist; the rest must fit then. */
function findMistyped(absolute: string): string | undefined {
  const parents = listParents(absolute);
  const index = parents.findIndex(isDirectory);
  const [parent, missing] = [parents[index], parents[index - 1]];
  if (parent === undefined || missing === undefined) return undefined;
  const folders = listNames(parent).filter(name => isDirectory(join(parent, name)));
  const name = findRelatedName(basename(missing), folders);
  const corrected = name && join(dirname(missing), name, relative(missing, absolute));
  return corrected && isDirectory(corrected) ? corrected : undefined;
}
