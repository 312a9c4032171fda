import { LiveWorkerError } from '../../errors.ts';
import { quoteWord, quoteWords } from '../../text/quote-shell.ts';
import type { ReplayPlan } from './replay-plan.ts';

export interface ReplayLine {
  readonly line: string;
  /** Secrets the shell it is pasted into must have. */
  readonly fromShell: readonly string[];
}

/**
 * The launch as one command of a POSIX shell: its directory, its whole environment and nothing else, its argv. A secret is
 * taken from the shell, which stops when it has none.
 *
 * @throws REPLAY_IMPOSSIBLE when the command itself holds a secret
 */
export function describeReplayLine(launch: ReplayPlan): ReplayLine {
  const { path, command, cwd, env, masked, isCommandMasked } = launch;
  if (isCommandMasked) {
    throw new LiveWorkerError(
      'REPLAY_IMPOSSIBLE',
      `Cannot print "${path}" without its secrets: one stands in the command itself\nGive --secrets, or --run to run it here`,
      { details: { path } },
    );
  }
  // Behind "--" a name that begins with "-" is no option of env.
  const assignments = [
    ...Object.entries(env).map(([name, value]) => quoteWord(`${name}=${value}`)),
    ...masked.map(name => fromShell(name)),
  ];
  const words = [...assignments, quoteWords(asCommand(command))].join(' ');
  return { line: `cd ${quoteWord(cwd)} && env -i -- ${words}`, fromShell: masked };
}

function fromShell(name: string): string {
  // A name the shell cannot spell is no variable of a shell either.
  return /^[A-Za-z_]\w*$/.test(name) ? `${name}="\${${name}?}"` : quoteWord(`${name}=`);
}

/** env takes a first word with a "=" in it for one more variable. */
function asCommand(command: readonly string[]): readonly string[] {
  if (!command[0]?.includes('=')) return command;
  return ['/bin/sh', '-c', 'exec "$0" "$@"', ...command];
}
