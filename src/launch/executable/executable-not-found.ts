import { basename, join, relative } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { findNearest } from '../../files/find-nearest.ts';
import { listNames } from '../../files/list-names.ts';
import { findNearestName } from '../../text/find-nearest-name.ts';
import { launchError } from '../launch-error.ts';
import type { ExecutableContext, Lookup } from './executable-context.ts';
import { listPath } from './find-on-path.ts';
import { findVenvs, type Venv } from './find-venvs.ts';

const mostEntries = 8_000;

/** The error for a program that is nowhere: every path tried, the nearest place that has it, the nearest name on PATH. */
export function executableNotFound(
  asked: string,
  lookups: readonly Lookup[],
  context: ExecutableContext,
): LiveWorkerError {
  const isPath = lookups[0]?.rule === 'path';
  const nearest = isPath ? findPath(asked, context) : findProgram(asked, context);
  const similar = isPath ? undefined : findSimilar(asked, context);
  const lines = lookups.flatMap(lookup => describeLookup(lookup, context));
  if (nearest !== undefined) lines.push(`"${nearest}" exists`);
  if (similar !== undefined) lines.push(`"${similar}" exists, a name close to it`);
  return launchError('EXECUTABLE_NOT_FOUND', context.worker, {
    what: asked === '' ? 'the first word of its command is empty' : `"${asked}" was not found`,
    tried: lines,
    next: whatNext(nearest, similar, context),
    details: {
      option: `workers.${context.worker}.command`,
      asked,
      tried: lookups.flatMap(({ tried }) => tried),
      nearest,
      similar,
    },
  });
}

/** The error for a name that more than one virtual environment of the same directory has. */
export function severalVenvs(
  asked: string,
  venvs: readonly Venv[],
  context: ExecutableContext,
): LiveWorkerError {
  const folders = venvs.map(({ folder }) => folder);
  const example = relative(context.cwd, join(venvs[0]?.programs ?? '', asked));
  return launchError('EXECUTABLE_NOT_FOUND', context.worker, {
    what: `"${asked}" is in ${venvs.length} virtual environments, and nothing says which one is meant`,
    tried: folders.map(folder => `"${folder}"`),
    next: `Give its path as the first word of workers.${context.worker}.command, such as "${example}"`,
    details: { option: `workers.${context.worker}.command`, asked, venvs: folders },
  });
}

function describeLookup({ rule, tried }: Lookup, context: ExecutableContext): string[] {
  const { cwd, rootDir } = context;
  if (rule === 'PATH' && tried.length === 0) return ['the worker has no PATH'];
  if (rule === 'PATH') return [`PATH of the worker: ${tried.map(path => `"${path}"`).join(', ')}`];
  if (rule === 'venv' && tried.length === 0)
    return [`no virtual environment (.venv, venv, .tox/*) from cwd "${cwd}" up to rootDir "${rootDir}"`];
  return tried.map(path => `"${path}"`);
}

function whatNext(
  nearest: string | undefined,
  similar: string | undefined,
  context: ExecutableContext,
): string {
  const option = `the first word of workers.${context.worker}.command`;
  const path = nearest && relative(context.cwd, nearest);
  if (path)
    return `Set ${option} to "${path.includes('/') ? path : `./${path}`}", its path from cwd "${context.cwd}"`;
  if (similar !== undefined) return `Correct ${option}, perhaps to "${basename(similar)}"`;
  return `Install it, or set ${option} to its path from cwd "${context.cwd}" or rootDir`;
}

function findPath(asked: string, { cwd, rootDir }: ExecutableContext): string | undefined {
  const depth = 3 + asked.split(/[\\/]/).filter(component => !['', '.', '..'].includes(component)).length;
  return findNearest(asked, { from: [cwd, rootDir], kind: 'file', depth, entries: mostEntries });
}

function findProgram(asked: string, { cwd, rootDir }: ExecutableContext): string | undefined {
  const within = ['bin', 'Scripts', '.bin'];
  return findNearest(asked, { from: [cwd, rootDir], kind: 'file', depth: 6, entries: mostEntries, within });
}

function findSimilar(asked: string, context: ExecutableContext): string | undefined {
  const venvs = findVenvs(context).venvs.map(({ programs }) => programs);
  const folders = [...venvs, join(context.cwd, 'node_modules', '.bin'), ...listPath(context)];
  const holding = folders.map(folder => ({ folder, names: listNames(folder) }));
  const name = findNearestName(
    asked,
    holding.flatMap(({ names }) => names),
  );
  const folder = holding.find(({ names }) => name !== undefined && names.includes(name))?.folder;
  return name === undefined || folder === undefined ? undefined : join(folder, name);
}
