import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { forwardSignals } from '../../src/command/forward-signals.ts';
import { repository } from '../end-to-end/harness/folders.ts';

interface Variable {
  readonly variable: string;
  readonly value: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a command with our own standard streams; resolves with its exit code as a shell has it. */
export function runWithVariables(
  command: readonly [string, ...string[]],
  variables: readonly Variable[],
  interruption: AbortSignal,
): Promise<number> {
  interruption.throwIfAborted();
  const [executable, ...words] = command;
  const child = spawn(executable, words, { stdio: 'inherit', env: commandEnvironment(variables) });
  forwardSignals(child);
  return new Promise((resolve, reject) => {
    child.once('error', error => reject(new Error(`Cannot run "${executable}": ${error.message}`)));
    child.once('exit', (code, signalName) =>
      resolve(code ?? 128 + constants.signals[signalName ?? 'SIGKILL']),
    );
  });
}

function commandEnvironment(variables: readonly Variable[]): NodeJS.ProcessEnv {
  const provided = Object.fromEntries(variables.map(({ variable, value }) => [variable, value]));
  const path = [join(repository, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  const beside = Object.assign({}, ...variables.map(({ environment }) => environment));
  return { ...process.env, ...beside, ...provided, PATH: path };
}
