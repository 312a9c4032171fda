import { basename, join, resolve } from 'node:path';
import { listParents } from '../../files/list-parents.ts';
import { isFile, isPresent } from '../../files/path-kind.ts';
import type { ExecutableOrigin } from '../plan.ts';
import { checkExecutable } from './check-executable.ts';
import type { ExecutableContext, Lookup } from './executable-context.ts';
import { executableNotFound, severalVenvs } from './executable-not-found.ts';
import { findOnPath } from './find-on-path.ts';
import { findVenvs, type Venv, venvIn } from './find-venvs.ts';

type Rule = (asked: string, context: ExecutableContext) => Lookup | Promise<Lookup>;

/**
 * Finds the program the first word of a command names, and makes sure that the kernel will run it.
 * @throws LiveWorkerError EXECUTABLE_NOT_FOUND, EXECUTABLE_UNUSABLE
 */
export async function resolveExecutable(
  asked: string,
  context: ExecutableContext,
): Promise<{ readonly file: string; readonly origin: ExecutableOrigin }> {
  const lookups: Lookup[] = [];
  for (const rule of rulesFor(asked, context.platform)) {
    const lookup = await rule(asked, context);
    lookups.push(lookup);
    if (lookup.file === undefined) continue;
    const { file } = lookup;
    const tried = lookups.flatMap(other => other.tried).filter(path => path !== file);
    const { interpreter } = await checkExecutable(file, context);
    const origin = { rule: lookup.rule, asked, tried: [...tried, file] };
    return { file, origin: interpreter === undefined ? origin : { ...origin, interpreter } };
  }
  throw executableNotFound(asked, lookups, context);
}

function rulesFor(asked: string, platform: NodeJS.Platform): readonly Rule[] {
  if (asked === '') return [];
  if (isPath(asked, platform)) return [byPath];
  if (asked === 'node') return [byJestNode];
  if (isPython(asked)) return [byVenvPython, byVirtualEnv, byPathVariable];
  return [byVenvProgram, byVirtualEnv, byNodeModules, byPathVariable];
}

function isPath(asked: string, platform: NodeJS.Platform): boolean {
  return asked.includes('/') || (platform === 'win32' && asked.includes('\\'));
}

function isPython(asked: string): boolean {
  return asked === 'python' || asked === 'python3';
}

function byPath(asked: string, { cwd, rootDir }: ExecutableContext): Lookup {
  const candidates = [...new Set([resolve(cwd, asked), resolve(rootDir, asked)])];
  const file = candidates.find(isFile) ?? candidates.find(isPresent);
  const tried = candidates.slice(0, file === undefined ? undefined : candidates.indexOf(file));
  return { rule: 'path', tried, file };
}

function byJestNode(_asked: string, { jestNode }: ExecutableContext): Lookup {
  return { rule: 'jest-node', tried: [jestNode], file: jestNode };
}

function byVenvPython(asked: string, context: ExecutableContext): Lookup {
  const { venvs, tried } = findVenvs(context);
  return { rule: 'venv', tried, file: theOnly(asked, venvs, context)?.python };
}

/** A venv without the program does not count: programs in other languages have no business there. */
function byVenvProgram(asked: string, context: ExecutableContext): Lookup {
  const { venvs } = findVenvs(context);
  const programs = venvs.map(venv => ({ venv, file: findIn(venv.programs, asked, context) }));
  const holding = programs.filter(({ file }) => file !== undefined).map(({ venv }) => venv);
  const only = theOnly(asked, holding, context);
  const tried = venvs.map(venv => join(venv.programs, asked));
  return { rule: 'venv', tried, file: programs.find(({ venv }) => venv === only)?.file };
}

function theOnly(asked: string, venvs: readonly Venv[], context: ExecutableContext): Venv | undefined {
  if (venvs.length > 1) throw severalVenvs(asked, venvs, context);
  return venvs[0];
}

function byVirtualEnv(asked: string, context: ExecutableContext): Lookup {
  const folder = context.env.VIRTUAL_ENV;
  if (folder === undefined || folder === '') return { rule: 'virtual-env', tried: [] };
  const { programs, python } = venvIn(resolve(context.cwd, folder), context.platform);
  const wanted = isPython(asked) ? basename(python) : asked;
  return { rule: 'virtual-env', tried: [join(programs, wanted)], file: findIn(programs, wanted, context) };
}

function byNodeModules(asked: string, context: ExecutableContext): Lookup {
  const folders = listParents(context.cwd).map(parent => join(parent, 'node_modules', '.bin'));
  const files = folders.map(folder => findIn(folder, asked, context));
  const index = files.findIndex(file => file !== undefined);
  const tried = folders.slice(0, index === -1 ? undefined : index).map(folder => join(folder, asked));
  return { rule: 'node-modules', tried, file: files[index] };
}

async function byPathVariable(asked: string, context: ExecutableContext): Promise<Lookup> {
  return { rule: 'PATH', ...(await findOnPath(asked, context)) };
}

function findIn(folder: string, name: string, { platform }: ExecutableContext): string | undefined {
  const endings = platform === 'win32' ? ['', '.exe', '.cmd', '.bat'] : [''];
  return endings.map(ending => join(folder, name + ending)).find(isPresent);
}
