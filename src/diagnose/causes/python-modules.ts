import { basename } from 'node:path';
import type { Interpreter } from '../../launch/describe-interpreter.ts';
import type { Cause } from '../cause.ts';
import type { Evidence } from '../evidence.ts';
import { shortenPath } from '../paths.ts';
import { findInOutput } from '../quoted-output.ts';
import { missingLibrary } from './exit.ts';

export function pythonModuleMissing(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, notFound);
  const module = (match?.[1] ?? match?.[2])?.replace(/\.$/, '');
  if (module === undefined) return undefined;
  const places = evidence.search.pythonModule(module);
  const what = `Python has no module "${module}" (ModuleNotFoundError); it ran as ${describeRunner(evidence.interpreter)}`;
  const [source] = places.sourceFolders;
  const others = places.interpreters.filter(path => path !== evidence.interpreter?.path);
  if (source !== undefined) return notOnPath(what, module, source, evidence);
  if (others.length > 0) return inOtherVenv(what, others, evidence);
  return { text: what, change: [`install "${module}" for that interpreter, or name another one in command`] };
}

/** In a traceback, of `python -m`, and in the words of Celery; a program that does without a module says so otherwise. */
const notFound =
  /(?:(?:ModuleNotFoundError|ImportError): |python[\d.]*: |^)No module named '?([\w.]+)'?|^The module (\w[\w.]*) was not found/;

/** The module is there, but not what is wanted of it. */
export function pythonImportFailed(evidence: Evidence): Cause | undefined {
  const match = findInOutput(evidence, /(?:^|\s)ImportError: (?!No module named)(.+)/);
  if (!match || missingLibrary(evidence)) return undefined;
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
