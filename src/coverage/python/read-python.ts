import { execFile } from 'node:child_process';
import type { Interpreter } from './interpreters.ts';
import type { MeasuredFile } from './python-coverage.ts';
import { reportScript } from './report-script.ts';

const limitMs = 30_000;
const mostBytes = 256 * 1024 * 1024;

/** What the data files of coverage.py hold together. @throws Error with what the interpreter said */
export async function readPython(
  data: readonly string[],
  { executable, packages }: Interpreter,
): Promise<readonly MeasuredFile[]> {
  return JSON.parse(await ask(executable, JSON.stringify({ data, packages }))) as readonly MeasuredFile[];
}

function ask(executable: string, order: string): Promise<string> {
  const { PYTHONPATH, ...env } = process.env;
  return new Promise((resolve, reject) => {
    const child = execFile(
      executable,
      ['-c', reportScript],
      { cwd: '/', env, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: mostBytes },
      (error, stdout, stderr) => {
        if (!error) resolve(stdout);
        else reject(new Error(stderr.trim().split('\n').at(-1) || error.message));
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(order);
  });
}
