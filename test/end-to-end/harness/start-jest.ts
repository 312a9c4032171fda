import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { inheritedEnvironment } from '../../services/inherited-environment.ts';
import { cacheFolderOf, repository } from './folders.ts';

/** Jest's own result file, as far as the suite looks at it. */
interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration: number | null;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

export interface JestRun {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** What a user sees: stdout and stderr as they came. */
  readonly output: string;
  /** Undefined when Jest did not get to write them. */
  readonly results: JestResults | undefined;
}

export interface StartedJest {
  readonly child: ChildProcess;
  readonly ended: Promise<JestRun>;
  /** Resolves with the output so far as soon as it holds the text, colours aside. */
  untilOutput(text: string | RegExp): Promise<string>;
}

export interface StartOptions {
  /** A command that ends in running the words behind it. */
  readonly through?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly onOutput?: (text: string) => void;
  /** In a terminal, as watch mode wants it: keys go to its stdin; there is no result file. */
  readonly terminal?: boolean;
  /** In a process group of its own, as a shell starts it. */
  readonly ownGroup?: boolean;
}

const timeLimitMs = 240_000;

/** Starts Jest as a child of its own session, with a time limit of its own. */
export function startJest(
  folder: string,
  args: readonly string[],
  { env, onOutput, terminal = false, ownGroup = false, through = [] }: StartOptions,
): StartedJest {
  const resultFile = join(folder, 'results.json');
  const jest = join(repository, 'node_modules', 'jest', 'bin', 'jest.js');
  const command = [...through, process.execPath, jest, `--cacheDirectory=${cacheFolderOf(folder)}`, ...args];
  const [file = '', ...words] = terminal
    ? ['script', '-qefc', command.map(word => `'${word}'`).join(' '), '/dev/null']
    : [...command, '--json', `--outputFile=${resultFile}`];
  const child = spawn(file, words, {
    cwd: folder,
    env: { ...inherited(), ...env },
    stdio: [terminal ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    detached: ownGroup,
  });
  let output = '';
  const listeners = new Set<() => void>();
  const add = (chunk: Buffer) => {
    output += chunk.toString();
    onOutput?.(chunk.toString());
    for (const listener of listeners) listener();
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    if (!chunk.toString().startsWith('{"num')) add(chunk);
  });
  child.stderr?.on('data', add);
  const limit = setTimeout(() => child.kill('SIGKILL'), timeLimitMs);
  const ended = new Promise<JestRun>(resolve => {
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, output, results: readResults(resultFile) });
      for (const listener of listeners) listener();
    });
  });
  return {
    child,
    ended,
    untilOutput: text =>
      new Promise((resolve, reject) => {
        const look = () => {
          const seen = stripVTControlCharacters(output);
          if (typeof text === 'string' ? seen.includes(text) : text.test(seen)) resolve(output);
          else if (child.exitCode !== null || child.signalCode !== null)
            reject(new Error(`Jest ended without "${text}":\n${output}`));
        };
        listeners.add(look);
        look();
      }),
  };
}

/** The suite's own Jest must not leak into the Jest under test. */
export function inherited(): Record<string, string> {
  const entries = Object.entries(inheritedEnvironment()).filter(
    ([name]) => !/^(JEST_|NODE_ENV$|NODE_OPTIONS$|NODE_V8_COVERAGE$|npm_|FORCE_COLOR$|CI$)/.test(name),
  );
  return Object.fromEntries(entries);
}

function readResults(path: string): JestResults | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JestResults;
  } catch {
    return undefined;
  }
}
