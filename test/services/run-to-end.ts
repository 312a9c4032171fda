import { spawn } from 'node:child_process';

export interface CommandResult {
  readonly succeeded: boolean;
  /** Standard output and standard error, as they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd?: string;
  /** On top of our own. */
  readonly environment?: Readonly<Record<string, string>>;
}

export function runToEnd(
  executable: string,
  words: readonly string[],
  { cwd, environment }: CommandOptions = {},
): Promise<CommandResult> {
  const env = { ...process.env, ...environment };
  const child = spawn(executable, words, { stdio: ['ignore', 'pipe', 'pipe'], env, ...(cwd && { cwd }) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise(resolve => {
    child.once('error', error => resolve({ succeeded: false, output: error.message }));
    child.once('close', code => resolve({ succeeded: code === 0, output: output.trim() }));
  });
}
