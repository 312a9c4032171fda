import { loadExeca } from './load-execa.ts';

export interface CommandRun {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Of its output as much is kept, in characters. Default 64 KiB. */
  readonly outputLimit?: number;
}

/** How a short command ended; `code` is undefined when it was killed, timed out or did not start. */
export interface CommandEnd {
  readonly code: number | undefined;
  /** The last line of what it wrote, or why it did not start. */
  readonly lastLine: string;
  /** All it wrote. */
  readonly output: string;
}

/** Runs a command to its end, within limits of time and output. */
export async function runCommand(command: readonly string[], run: CommandRun): Promise<CommandEnd> {
  const { execa } = await loadExeca();
  const [file = '', ...args] = command;
  const result = await execa(file, args, {
    cwd: run.cwd,
    env: run.env,
    extendEnv: false,
    timeout: run.timeoutMs,
    cancelSignal: run.signal,
    killSignal: 'SIGKILL',
    reject: false,
    all: true,
    stdin: 'ignore',
    maxBuffer: run.outputLimit ?? 64 * 1024,
  });
  const output = String(result.all ?? '').trim();
  const lastLine = output.slice(output.lastIndexOf('\n') + 1);
  return { code: result.exitCode, lastLine: lastLine || describeFailure(result), output };
}

function describeFailure(result: { readonly timedOut: boolean; readonly code?: string | undefined }): string {
  if (result.timedOut) return 'it took too long';
  return result.code ?? '';
}
