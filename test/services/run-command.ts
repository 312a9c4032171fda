import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { repositoryFolder } from './repository-folder.ts';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

interface Variable {
  readonly variable: string;
  readonly value: string;
}

export function runCommand(
  command: readonly [string, ...string[]],
  variables: readonly Variable[],
  interruption: AbortSignal,
): Promise<number> {
  interruption.throwIfAborted();
  const [executable, ...words] = command;
  const child = spawn(executable, words, { stdio: 'inherit', env: commandEnvironment(variables) });
  const forward = (name: NodeJS.Signals) => {
    if (!sentByTerminal(name)) child.kill(name);
  };
  for (const name of forwarded) process.on(name, forward);
  return new Promise((resolve, reject) => {
    child.once('error', error => reject(new Error(`Cannot run "${executable}": ${error.message}`)));
    child.once('exit', (code, signalName) =>
      resolve(code ?? 128 + constants.signals[signalName ?? 'SIGKILL']),
    );
  });
}

/** A terminal's Ctrl-C reaches the whole foreground group, so the command has it already. */
function sentByTerminal(name: NodeJS.Signals): boolean {
  return name === 'SIGINT' && process.stdin.isTTY === true;
}

function commandEnvironment(variables: readonly Variable[]): NodeJS.ProcessEnv {
  const provided = Object.fromEntries(variables.map(({ variable, value }) => [variable, value]));
  const path = [join(repositoryFolder, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, ...provided, PATH: path };
}
