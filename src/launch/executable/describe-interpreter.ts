import { realpathSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { isFile } from '../../files/path-kind.ts';
import type { LaunchPlan } from '../plan.ts';

/** The program that ran the worker's code. */
export interface Interpreter {
  /** The one the script's first line names, else the program itself. */
  readonly path: string;
  /** Behind its links, where the version often stands: `/usr/bin/python3.11`. */
  readonly realPath: string;
  /** The rule that found the program: `PATH`, `venv`, `jest-node` and so on. */
  readonly rule: string;
  /** The folder of the virtual environment it belongs to. */
  readonly venv: string | undefined;
  readonly isPython: boolean;
}

export function describeInterpreter({
  file,
  executable,
}: Pick<LaunchPlan, 'file' | 'executable'>): Interpreter {
  const path = executable.interpreter ?? file;
  const folder = dirname(dirname(path));
  return {
    path,
    realPath: resolveLinks(path),
    rule: executable.rule,
    venv: isFile(`${folder}/pyvenv.cfg`) ? folder : undefined,
    isPython: /^(?:python|pypy)/.test(basename(path)),
  };
}

function resolveLinks(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
