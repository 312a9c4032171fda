import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lastLines } from './last-lines.ts';
import { runToEnd } from './run-to-end.ts';

/** Made aside and moved, so that another process that looks at the same time sees none or a whole one. */
export async function makeVenv(python: string, folder: string): Promise<void> {
  const aside = `${folder}-${process.pid}`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(dirname(folder), { recursive: true });
  const words = ['-m', 'venv', '--system-site-packages', '--without-pip', aside];
  const { succeeded, output } = await runToEnd(python, words);
  if (!succeeded)
    throw new Error(`Cannot make a venv: ${python} ${words.join(' ')}\n${lastLines(output, 5)}`);
  try {
    renameSync(aside, folder);
  } catch {
    rmSync(aside, { recursive: true, force: true });
  }
}

/** A venv that shares the system's packages does not get their commands. */
export function writeConsoleScripts(folder: string): void {
  const python = join(folder, 'bin', 'python');
  writeScript(join(folder, 'bin', 'celery'), python, 'from celery.__main__ import main');
  writeScript(join(folder, 'bin', 'dotenv'), python, 'from dotenv.__main__ import cli as main');
}

function writeScript(path: string, python: string, importMain: string): void {
  const aside = `${path}-${process.pid}`;
  const text = `${shebang(python)}\nimport sys\n${importMain}\nsys.exit(main())\n`;
  writeFileSync(aside, text, { mode: 0o755 });
  renameSync(aside, path);
}

/** The kernel takes neither a space nor a long path; the detour is pip's, text to Python and a command to sh. */
function shebang(python: string): string {
  if (!python.includes(' ') && python.length < 120) return `#!${python}`;
  return `#!/bin/sh\n'''exec' "${python}" "$0" "$@"\n' '''`;
}
