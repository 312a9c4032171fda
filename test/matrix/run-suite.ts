import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import type { ProvidedNode } from './provide-node.ts';

export interface SuiteRun {
  readonly node: ProvidedNode;
  readonly passed: boolean;
  /** Such as "FAIL: 1201 passed, 2 failed". */
  readonly summary: string;
  /** The full names of the tests, and the files that could not be run. */
  readonly failures: readonly string[];
}

interface SuiteResults {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

const nothing: SuiteResults = { numPassedTests: 0, testResults: [] };

/** Runs the suite on a Node, with its output going where ours goes; whatever starts `node` gets that one. */
export async function runSuite(
  node: ProvidedNode,
  jestWords: readonly string[],
  resultsFile: string,
): Promise<SuiteRun> {
  const jest = join(repository, 'node_modules', 'jest', 'bin', 'jest.js');
  const words = [jest, '--ci', '--json', `--outputFile=${resultsFile}`, ...jestWords];
  const code = await exitCodeOf(node.executable, words);
  const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : nothing;
  return { node, ...summarize(code, results) };
}

export function summarize(
  code: number | null,
  { numPassedTests, testResults }: SuiteResults,
): Omit<SuiteRun, 'node'> {
  const failures = testResults.flatMap(({ name, status, assertionResults }) => {
    const failed = assertionResults.filter(result => result.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${name} (the file)`];
    return failed.map(({ fullName }) => fullName);
  });
  const passed = code === 0 && failures.length === 0 && numPassedTests > 0;
  const ended = code === 0 || failures.length > 0 ? '' : `, Jest ended with ${code}`;
  const counts = `${numPassedTests} passed, ${failures.length} failed${ended}`;
  return { passed, summary: `${passed ? 'pass' : 'FAIL'}: ${counts}`, failures };
}

function exitCodeOf(executable: string, words: readonly string[]): Promise<number | null> {
  const child = spawn(executable, words, {
    cwd: repository,
    env: { ...process.env, PATH: [dirname(executable), process.env.PATH].join(delimiter) },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const end = () => void child.kill();
  process.once('exit', end);
  return new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => process.off('exit', end));
}
