import { readFileSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isLiveWorkerError, LiveWorkerError } from '../errors.ts';
import type { LiveWorkersSpec, WorkerSpec } from '../options/options.ts';
import { optionsKey, readOptions } from '../options/options-key.ts';
import { parseOptions } from '../options/parse-options.ts';
import { findNearestName } from '../text/find-nearest-name.ts';
import type { ProjectOptions } from './project-options.ts';
import { findConfigFile, type JestProject, readJestConfig } from './read-jest-config.ts';

/** A project that has workers. */
export interface WorkerProject {
  readonly name: string;
  readonly rootDir: string;
  readonly spec: LiveWorkersSpec;
  /** As Jest resolved it, for code that compiles modules the way it does. */
  readonly jest: JestProject;
}

/** One worker of one project. */
export interface FoundWorker {
  readonly project: WorkerProject;
  readonly spec: WorkerSpec;
}

/** @throws CONFIG_UNREADABLE, OPTIONS_INVALID, COMMAND_INVALID when the project, WORKER_UNKNOWN when the worker is not there */
export async function findWorker(name: string, cwd: string, options: ProjectOptions): Promise<FoundWorker> {
  const projects = await findProjects(cwd, options);
  const found = projects.flatMap(project =>
    project.spec.workers.filter(spec => spec.name === name).map(spec => ({ project, spec })),
  );
  const [first] = found;
  if (!first) throw await sayWhatWasRead(unknownWorker(name, projects), cwd, options);
  if (found.every(other => isSame(first, other))) return first;
  const names = found.map(({ project }) => `"${project.name}"`);
  throw new LiveWorkerError(
    'COMMAND_INVALID',
    `Worker "${name}" is defined in ${names.length} projects: ${names.join(', ')}\nChoose one with --project`,
    { details: { worker: name, projects: found.map(({ project }) => project.name) } },
  );
}

/** @throws CONFIG_UNREADABLE, OPTIONS_INVALID, COMMAND_INVALID when there is no such project */
export async function findProjects(cwd: string, options: ProjectOptions): Promise<readonly WorkerProject[]> {
  const all = await readJestConfig(cwd, options);
  const chosen = options.project === undefined ? all : chooseProject(options.project, cwd, all);
  const withWorkers = chosen.filter(({ testEnvironmentOptions }) => optionsKey in testEnvironmentOptions);
  try {
    return (withWorkers.length === 0 ? chosen.slice(0, 1) : withWorkers).map(jest => ({
      name: projectName(jest),
      rootDir: jest.rootDir,
      spec: parseOptions(readOptions(jest.testEnvironmentOptions)),
      jest,
    }));
  } catch (error) {
    throw isLiveWorkerError(error) ? await sayWhatWasRead(error, cwd, options) : error;
  }
}

/** The same error with the file at its end: Jest takes the nearest one upwards, which may be another than one thinks. */
async function sayWhatWasRead(
  error: LiveWorkerError,
  cwd: string,
  options: ProjectOptions,
): Promise<LiveWorkerError> {
  const file = await findConfigFile(cwd, options);
  if (file === undefined) return error;
  const message = `${error.message}\nRead was ${shortenPathFrom(file, cwd)}${hasNoJest(file) ? ', which has no "jest" in it; there is no jest.config.js beside it' : ''}`;
  return new LiveWorkerError(error.code, message, {
    details: { ...error.details, config: file },
    cause: error.cause,
  });
}

function hasNoJest(file: string): boolean {
  if (basename(file) !== 'package.json') return false;
  const content = JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, '')) as {
    readonly jest?: unknown;
  };
  return content.jest === undefined;
}

function chooseProject(name: string, cwd: string, all: readonly JestProject[]): readonly JestProject[] {
  const chosen = all.filter(
    project => projectName(project) === name || project.rootDir === resolve(cwd, name),
  );
  if (chosen.length > 0) return chosen;
  const names = all.map(projectName);
  const nearest = findNearestName(name, names);
  throw new LiveWorkerError(
    'COMMAND_INVALID',
    `There is no project "${name}": there are ${quoted(names)}${nearest === undefined ? '' : `, did you mean "${nearest}"`}`,
    { details: { project: name, projects: names } },
  );
}

function projectName({ displayName, rootDir }: JestProject): string {
  return displayName?.name ?? basename(rootDir);
}

function unknownWorker(name: string, projects: readonly WorkerProject[]): LiveWorkerError {
  const names = [...new Set(projects.flatMap(({ spec }) => spec.workers.map(worker => worker.name)))];
  const nearest = findNearestName(name, names);
  const list = names.length === 0 ? 'there are none' : `there are ${quoted(names)}`;
  return new LiveWorkerError(
    'WORKER_UNKNOWN',
    `There is no worker "${name}": ${list}${nearest === undefined ? '' : `, did you mean "${nearest}"`}`,
    { details: { asked: name, workers: names } },
  );
}

/** Two projects may share one definition, such as unit and integration tests of one folder. */
function isSame(one: FoundWorker, other: FoundWorker): boolean {
  return one.project.rootDir === other.project.rootDir && isDeepStrictEqual(one.spec, other.spec);
}

/** A path as it is shown to a user in `cwd`. */
export function shortenPathFrom(path: string, cwd: string): string {
  const way = relative(cwd, path);
  return way === '' ? '.' : way.startsWith('..') ? path : way;
}

function quoted(names: readonly string[]): string {
  return names.map(name => `"${name}"`).join(', ');
}
