import { basename, join, relative } from 'node:path';
import type { LiveWorkerError } from '../../errors.ts';
import { findNearest } from '../../files/find-nearest.ts';
import { listNames } from '../../files/list-names.ts';
import { nearestName } from '../../text/nearest-name.ts';
import { launchError } from '../launch-error.ts';
import type { ExecutablePlace, Lookup } from './executable-place.ts';
import { listPath } from './find-on-path.ts';
import { findVenvs, type Venv } from './find-venvs.ts';

const mostEntries = 8_000;

/** The error for a program that is nowhere: every path tried, the nearest place that has it, the nearest name on PATH. */
export function executableNotFound(
  asked: string,
  lookups: readonly Lookup[],
  place: ExecutablePlace,
): LiveWorkerError {
  const isPath = lookups[0]?.rule === 'path';
  const nearest = isPath ? findPath(asked, place) : findProgram(asked, place);
  const similar = isPath ? undefined : findSimilar(asked, place);
  const lines = lookups.flatMap(lookup => describeLookup(lookup, place));
  if (nearest !== undefined) lines.push(`"${nearest}" exists`);
  if (similar !== undefined) lines.push(`"${similar}" exists, a name close to it`);
  return launchError('EXECUTABLE_NOT_FOUND', place.worker, {
    what: asked === '' ? 'the first word of its command is empty' : `"${asked}" was not found`,
    tried: lines,
    next: whatNext(nearest, similar, place),
    details: {
      option: `workers.${place.worker}.command`,
      asked,
      tried: lookups.flatMap(({ tried }) => tried),
      nearest,
      similar,
    },
  });
}

/** The error for a name that more than one virtual environment of the same directory has. */
export function severalVenvs(asked: string, venvs: readonly Venv[], place: ExecutablePlace): LiveWorkerError {
  const folders = venvs.map(({ folder }) => folder);
  const example = relative(place.cwd, join(venvs[0]?.programs ?? '', asked));
  return launchError('EXECUTABLE_NOT_FOUND', place.worker, {
    what: `"${asked}" is in ${venvs.length} virtual environments, and nothing says which one is meant`,
    tried: folders.map(folder => `"${folder}"`),
    next: `Give its path as the first word of workers.${place.worker}.command, such as "${example}"`,
    details: { option: `workers.${place.worker}.command`, asked, venvs: folders },
  });
}

function describeLookup({ rule, tried }: Lookup, place: ExecutablePlace): string[] {
  const { cwd, rootDir } = place;
  if (rule === 'PATH' && tried.length === 0) return ['the worker has no PATH'];
  if (rule === 'PATH') return [`PATH of the worker: ${tried.map(path => `"${path}"`).join(', ')}`];
  if (rule === 'venv' && tried.length === 0)
    return [`no virtual environment (.venv, venv, .tox/*) from cwd "${cwd}" up to rootDir "${rootDir}"`];
  return tried.map(path => `"${path}"`);
}

function whatNext(nearest: string | undefined, similar: string | undefined, place: ExecutablePlace): string {
  const option = `the first word of workers.${place.worker}.command`;
  const path = nearest && relative(place.cwd, nearest);
  if (path)
    return `Set ${option} to "${path.includes('/') ? path : `./${path}`}", its path from cwd "${place.cwd}"`;
  if (similar !== undefined) return `Correct ${option}, perhaps to "${basename(similar)}"`;
  return `Install it, or set ${option} to its path from cwd "${place.cwd}" or rootDir`;
}

function findPath(asked: string, { cwd, rootDir }: ExecutablePlace): string | undefined {
  const depth = 3 + asked.split(/[\\/]/).filter(component => !['', '.', '..'].includes(component)).length;
  return findNearest(asked, { from: [cwd, rootDir], kind: 'file', depth, entries: mostEntries });
}

function findProgram(asked: string, { cwd, rootDir }: ExecutablePlace): string | undefined {
  const within = ['bin', 'Scripts', '.bin'];
  return findNearest(asked, { from: [cwd, rootDir], kind: 'file', depth: 6, entries: mostEntries, within });
}

function findSimilar(asked: string, place: ExecutablePlace): string | undefined {
  const venvs = findVenvs(place).venvs.map(({ programs }) => programs);
  const folders = [...venvs, join(place.cwd, 'node_modules', '.bin'), ...listPath(place)];
  const holding = folders.map(folder => ({ folder, names: listNames(folder) }));
  const name = nearestName(
    asked,
    holding.flatMap(({ names }) => names),
  );
  const folder = holding.find(({ names }) => name !== undefined && names.includes(name))?.folder;
  return name === undefined || folder === undefined ? undefined : join(folder, name);
}
