import { basename, resolve } from 'node:path';
import type { Interpreter } from '../../launch/executable/describe-interpreter.ts';
import { didYouMean } from '../../text/find-nearest-name.ts';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { findInOutput } from '../find-in-output.ts';
import { shortenPath } from '../shorten-path.ts';
import { celeryTransportMissing } from './celery-transport.ts';
import { missingLibrary } from './exit.ts';

export function pythonModuleMissing(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, notFound);
  const module = match
    ?.slice(1)
    .find(name => name !== undefined)
    ?.replace(/\.$/, '');
  if (module === undefined || module.includes(':')) return undefined;
  const places = evidence.search.pythonModule(module);
  const what = `Python has no module "${module}" (ModuleNotFoundError); it ran as ${describeRunner(evidence.interpreter)}`;
  const [source] = places.sourceFolders;
  const others = places.interpreters.filter(path => path !== evidence.interpreter?.path);
  if (source !== undefined) return notOnPath(what, module, source, evidence);
  if (others.length > 0) return inOtherVenv(what, others, evidence);
  if (places.nearest) return misspelt(what, module, places.nearest, evidence);
  const [, parent = '', name = ''] = /^(.+)\.(\w+)$/.exec(module) ?? [];
  const known = evidence.search.pythonModule(parent);
  if (known.sourceFolders.length > 0) return describeMissingName(parent, name, known.names ?? []);
  return { text: what, change: [`install "${module}" for that interpreter, or name another one in command`] };
}

/** In a traceback, of `python -m`, and in the words of Celery; a program that does without a module says so otherwise. */
const notFound =
  /(?:(?:ModuleNotFoundError|ImportError): |python[\d.]*: |^)No module named '?([\w.]+)'?|^The module (\w[\w.:]*) was not found|Could not import (?:module )?["'](\w[\w.]*)["']/;

/** What a program was told to take from a module is not in it: `app:ap` of Celery, uvicorn, gunicorn, dramatiq. */
export function pythonNameMissing(evidence: Evidence): Cause | undefined {
  const found = nameMissing
    .map(pattern => findInOutput(evidence, pattern)?.groups)
    .find(groups => groups !== undefined);
  const { module = '', name = '' } = found ?? {};
  if (module === '') return undefined;
  const { sourceFolders, names = [], nearest } = evidence.search.pythonModule(module);
  if (sourceFolders.length === 0 && nearest)
    return misspelt(`Python has no module "${module}"`, module, nearest, evidence);
  return describeMissingName(module, name, names);
}

/** The project has the module. */
function describeMissingName(module: string, name: string, names: readonly string[]): Cause {
  const meant = didYouMean(name, names);
  const defined = names.length === 0 ? '' : `; it defines ${names.slice(0, mostNames).join(', ')}`;
  return {
    text: `module "${module}" has no "${name}"${meant === undefined ? defined : `; ${meant}`}`,
    change: [`correct ${name} where it is asked for, or define it in ${module}`],
  };
}

const mostNames = 8;
const nameMissing: readonly RegExp[] = [
  /^The module (?<module>\w[\w.]*):(?<name>\w+) was not found/,
  /Attribute "(?<name>\w+)" not found in module "(?<module>[\w.]+)"/,
  /Failed to find attribute '(?<name>\w+)' in '(?<module>[\w.]+)'/,
  /[Mm]odule '(?<module>[\w.]+)' (?:has no attribute|does not have an?) '(?<name>\w+)'/,
];

/** `python ap.py`. */
export function pythonFileMissing(evidence: Evidence): Cause | undefined {
  const file = findInOutput(evidence, /can't open file '(.+)': \[Errno 2\]/)?.[1];
  if (file === undefined) return undefined;
  const nearest = evidence.search.nearestFile(resolve(evidence.cwd, file));
  const meant = nearest && shortenPath(nearest, evidence.cwd);
  return {
    text: `there is no file "${file}"${meant ? `; did you mean "${meant}"?` : ''}`,
    change: [
      `${meant ? `write "${meant}" in command` : 'correct the path in command'}: relative words are resolved from ${evidence.cwd}`,
    ],
  };
}

/** Where the command itself names it, nothing is to be installed. */
function misspelt(
  what: string,
  module: string,
  nearest: { readonly module: string; readonly path: string },
  { command, rootDir }: Evidence,
): Cause {
  const named = new RegExp(`(?:^|[\\s=])${module.replaceAll('.', '\\.')}(?:$|[\\s.:])`);
  const isInCommand = command.some(word => named.test(word));
  return {
    text: `${what}\nThe project has ${shortenPath(nearest.path, rootDir)}: did you mean "${nearest.module}"?`,
    change: [
      `write ${nearest.module} instead of ${module} ${isInCommand ? 'in command' : 'where it is imported'}`,
      ...(isInCommand ? [] : [`or install "${module}" for that interpreter`]),
    ],
  };
}

/** The module is there, but not what is wanted of it. */
export function pythonImportFailed(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, /(?:^|\s)ImportError: (?!No module named)(.+)/);
  if (!match || missingLibrary(evidence) || celeryTransportMissing(evidence)) return undefined;
  return {
    text: `Python could not import: ${match[1]}; it ran as ${describeRunner(evidence.interpreter)}`,
    change: ['compare the installed version of the package with the one the code wants'],
  };
}

function notOnPath(what: string, module: string, source: string, evidence: Evidence): Cause {
  const file = shortenPath(`${source}/${module.split('.')[0]}`, evidence.rootDir);
  const current = evidence.variables.find(({ name }) => name === 'PYTHONPATH');
  const state = current ? `is "${current.value}", ${current.origin}` : 'is not set';
  return {
    text: `${what}\nThe project itself has it at ${file}, which is not on the worker's path: PYTHONPATH ${state}`,
    change: [`set PYTHONPATH=${shortenPath(source, evidence.cwd)} in the worker's env or env file`],
  };
}

function inOtherVenv(what: string, interpreters: readonly string[], { cwd }: Evidence): Cause {
  const [first = ''] = interpreters;
  return {
    text: `${what}\nA virtual environment of the project has it: ${interpreters.join(', ')}`,
    change: [`run the worker with it: command: ["${shortenPath(first, cwd)}", ...]`],
  };
}

function describeRunner(interpreter: Interpreter | undefined): string {
  if (!interpreter) return 'an unknown program';
  const { path, realPath, venv, isPython, rule } = interpreter;
  if (!isPython) return `${path}, which starts an interpreter of its own choice`;
  const version = /^(?:python|pypy)\d[\d.]*$/.test(basename(realPath)) ? `${basename(realPath)}, ` : '';
  const home = venv === undefined ? 'of no virtual environment' : `of ${venv}`;
  return `${path} (${version}${home}, found by ${rule === 'PATH' ? 'PATH' : `rule "${rule}"`})`;
}
