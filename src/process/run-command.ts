import { loadExeca } from './load-execa.ts';
import { signalGroup } from './tree/signal-process.ts';

export interface CommandRun {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Of its output as much is kept, in characters. Default 64 KiB. */
  readonly outputLimit?: number;
  /** Another user, for a process of root. Default: the user of this process. */
  readonly as?: { readonly uid: number; readonly gid: number };
}

/** How a short command ended; `code` is undefined when it was killed, timed out or did not start. */
export interface CommandEnd {
  readonly code: number | undefined;
  /** The last line of what it wrote, or why it did not start. */
  readonly lastLine: string;
  /** All it wrote. */
  readonly output: string;
}

/** Runs a command to its end, within limits of time and output. What it started ends with it where it is cut off, as `npm run` has to. */
export async function runCommand(command: readonly string[], run: CommandRun): Promise<CommandEnd> {
  const { execa } = await loadExeca();
  const [file = '', ...args] = command;
  if (run.signal.aborted) return { code: undefined, lastLine: '', output: '' };
  const child = execa(file, args, {
    cwd: run.cwd,
    env: run.env,
    extendEnv: false,
    detached: true,
    reject: false,
    all: true,
    stdin: 'ignore',
    maxBuffer: run.outputLimit ?? 64 * 1024,
    ...run.as,
  });
  let isLate = false;
  // Its leader has not been waited for, so the group is still its own.
  const cut = () => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
      signalGroup(child.pid, 'SIGKILL');
  };
  const timer = setTimeout(() => {
    isLate = true;
    cut();
  }, run.timeoutMs);
  run.signal.addEventListener('abort', cut);
  process.once('exit', cut);
  try {
    const result = await child;
    const output = String(result.all ?? '').trim();
    const lastLine = output.slice(output.lastIndexOf('\n') + 1);
    const failure = isLate ? 'it took too long' : (result.code ?? '');
    return { code: result.exitCode, lastLine: lastLine || failure, output };
  } finally {
    clearTimeout(timer);
    run.signal.removeEventListener('abort', cut);
    process.off('exit', cut);
  }
}
