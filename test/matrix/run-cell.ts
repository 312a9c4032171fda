import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { lastLines } from '../services/last-lines.ts';
import { runToEnd } from '../services/run-to-end.ts';
import type { ProvidedNode } from './provide-node.ts';

export interface MatrixCell {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
  readonly tarball: string;
  readonly node: ProvidedNode;
  readonly jestMajor: number;
}

export interface CellResult {
  readonly node: ProvidedNode;
  readonly jestMajor: number;
  readonly passed: boolean;
  readonly summary: string;
  readonly details: readonly string[];
}

export async function runCell(cell: MatrixCell): Promise<CellResult> {
  const project = join(cell.folder, `node-${cell.node.version}-jest-${cell.jestMajor}`);
  writeProject(project, cell.files);
  const { node, jestMajor } = cell;
  const failure = await installInto(project, cell);
  if (failure !== undefined) {
    return { node, jestMajor, passed: false, summary: 'did not install', details: [lastLines(failure, 20)] };
  }
  return { node, jestMajor, ...(await runJest(project, node)) };
}

function writeProject(project: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = join(project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** undefined when that went well, else npm's output. */
async function installInto(project: string, { tarball, jestMajor }: MatrixCell): Promise<string | undefined> {
  const init = await runToEnd('npm', ['init', '-y'], { cwd: project });
  if (!init.succeeded) return init.output;
  const words = ['install', '--no-audit', '--no-fund', tarball, `jest@${jestMajor}`];
  const install = await runToEnd('npm', words, { cwd: project });
  return install.succeeded ? undefined : install.output;
}

async function runJest(project: string, { executable }: ProvidedNode) {
  const resultsFile = join(project, 'results.json');
  const jest = join(project, 'node_modules', 'jest', 'bin', 'jest.js');
  const words = [jest, '--ci', '--json', `--outputFile=${resultsFile}`];
  const path = [dirname(executable), process.env.PATH].join(delimiter);
  const run = await runToEnd(executable, words, { cwd: project, environment: { PATH: path } });
  const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : {};
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = results;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const passed = run.succeeded && failed === 0 && numPassedTests > 0;
  const summary = `${passed ? 'pass' : 'FAIL'}: ${numPassedTests} passed, ${failed} failed`;
  return { passed, summary, details: passed ? [] : [lastLines(run.output, 40)] };
}
