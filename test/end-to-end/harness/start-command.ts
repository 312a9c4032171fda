import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { projectsFolder } from './folders.ts';
import type { Project } from './project.ts';
import { inherited } from './start-jest.ts';

const cli = join(projectsFolder, 'node_modules/jest-environment-live-worker/dist/cli.js');
const timeLimitMs = 100_000;

export interface CommandRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StartedCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandRun>;
  /** Resolves with both streams so far as soon as they hold the text. */
  untilOutput(text: string | RegExp): Promise<string>;
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Starts the built `live-worker` in a project, with a time limit of its own. */
export function startCommand(
  project: Project,
  words: readonly string[],
  { env = {}, cwd = project.folder }: CommandOptions = {},
): StartedCommand {
  const child = spawn(process.execPath, [cli, ...words], {
    cwd,
    env: { ...inherited(), ...project.environment, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const limit = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
  let stdout = '';
  let stderr = '';
  const listeners = new Set<() => void>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    tell();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    tell();
  });
  const ended = new Promise<CommandRun>(resolve => {
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, stdout, stderr });
      tell();
    });
  });
  return {
    child,
    ended,
    untilOutput: text =>
      new Promise((resolve, reject) => {
        const look = () => {
          const output = stdout + stderr;
          if (typeof text === 'string' ? output.includes(text) : text.test(output)) resolve(output);
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`The command ended without "${text}":\n${output}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Runs it to its end. */
export function runCommand(
  project: Project,
  words: readonly string[],
  options?: CommandOptions,
): Promise<CommandRun> {
  return startCommand(project, words, options).ended;
}

/** Runs it with `--json`; the document, whatever the exit code. */
export async function askCommand(
  project: Project,
  words: readonly string[],
  options?: CommandOptions,
): Promise<{ readonly code: number | null; readonly document: unknown }> {
  const { code, stdout, stderr } = await runCommand(project, [...words, '--json'], options);
  try {
    return { code, document: JSON.parse(stdout) };
  } catch {
    throw new Error(`No document on stdout:\n${stdout}\n${stderr}`);
  }
}
