import { basename, isAbsolute, resolve } from 'node:path';
import { checkFile, type Refusal } from './check-file.ts';
import { findOnPath, type PathContext } from './find-on-path.ts';

/** Checks the first line of a script, and tells the interpreter it leads to. */
export async function checkShebang(
  head: Buffer,
  context: PathContext,
): Promise<Refusal | { readonly interpreter: string }> {
  const line = head.toString('utf8').split('\n', 1)[0] ?? '';
  if (line.includes('\r')) return carriageReturn;
  const [, asked = '', argument = ''] = /^#![ \t]*([^ \t]*)[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
  if (asked === '')
    return { what: 'has a first line "#!" that names no interpreter', next: 'Write one behind it' };
  const interpreter = resolve(context.cwd, asked);
  const refusal = checkFile(interpreter);
  if (refusal !== undefined) return refuseInterpreter(asked, interpreter, refusal);
  return basename(interpreter) === 'env' ? await checkEnv(argument, context) : { interpreter };
}

const carriageReturn: Refusal = {
  what: "has a first line that ends in CRLF: the carriage return becomes part of the interpreter's name",
  next: 'Save it with LF line ends, such as by dos2unix, and keep git from changing them: "* text eol=lf" in .gitattributes',
};

function refuseInterpreter(asked: string, interpreter: string, refusal: Refusal): Refusal {
  const resolved = isAbsolute(asked) ? '' : ` (from the cwd: "${interpreter}")`;
  return {
    what: `has the interpreter "${asked}" in its first line, which ${refusal.what}${resolved}`,
    next: 'Install the interpreter or correct the line; a virtual environment that was moved must be made anew',
  };
}

/** `#!/usr/bin/env NAME` is looked up on PATH when the script runs. The kernel hands on all behind `env` as one argument. */
async function checkEnv(
  argument: string,
  context: PathContext,
): Promise<Refusal | { readonly interpreter: string }> {
  const split = /^(?:-S|--split-string=)[ \t]*(.*)$/.exec(argument)?.[1];
  const words = split === undefined ? [argument] : split.split(/[ \t]+/);
  const name = words.find(word => !/^\w+=/.test(word)) ?? '';
  if (name.startsWith('-')) return { interpreter: '/usr/bin/env' };
  if (name === '') return { what: 'has a first line that gives "env" no name', next: 'Write one behind it' };
  const file = name.includes('/') ? resolve(context.cwd, name) : (await findOnPath(name, context)).file;
  if (file !== undefined && checkFile(file) === undefined) return { interpreter: file };
  return { what: `asks "env" for "${name}" in its first line, ${whyNot(name)}`, next: whatNext(name) };
}

function whyNot(name: string): string {
  return name.includes('/') ? 'which is no program' : "which is not on the worker's PATH";
}

function whatNext(name: string): string {
  if (/\s/.test(name)) return `Write "env -S ${name}": without -S all of it is one name`;
  return `Install "${name}", add its folder to PATH in an env file or env, or name the interpreter in the command`;
}
