import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { lastLines } from '../services/last-lines.ts';
import { runToEnd } from '../services/run-to-end.ts';
import type { PackageManager } from './package-managers.ts';
import type { ProvidedNode } from './provide-node.ts';
import { sharedConfig, sharedFiles } from './shared-files.ts';

export interface MatrixCell {
  readonly folder: string;
  readonly files: ReadonlyMap<string, string>;
  readonly tarball: string;
  readonly node: ProvidedNode;
  readonly jestMajor: number;
  readonly manager: PackageManager;
}

export interface CellResult extends Pick<MatrixCell, 'node' | 'jestMajor' | 'manager'> {
  readonly passed: boolean;
  readonly summary: string;
  readonly details: readonly string[];
}

/** What the README says to install beside ours and Jest. */
const workersOwn = ['amqplib', 'pg'];

export async function runCell(cell: MatrixCell): Promise<CellResult> {
  const { node, jestMajor, manager } = cell;
  const name = `${manager.name.replace(' ', '-')}-node-${node.version}-jest-${jestMajor}`;
  const project = join(cell.folder, name);
  const packageJson = JSON.stringify({ name: 'project', version: '1.0.0', private: true });
  writeProject(
    project,
    new Map([...cell.files, ...sharedFiles, ['package.json', packageJson], ...Object.entries(manager.files)]),
  );
  const failure = await installInto(project, cell);
  if (failure !== undefined) {
    const details = [lastLines(failure, 20)];
    return { node, jestMajor, manager, passed: false, summary: 'did not install', details };
  }
  const example = await runJest(project, cell);
  const shared = await runJest(project, cell, ['-w', '2', `--config=${sharedConfig}`]);
  return {
    node,
    jestMajor,
    manager,
    passed: example.passed && shared.passed,
    summary: `${example.summary}; scope run: ${shared.summary}`,
    details: [...example.details, ...shared.details],
  };
}

function writeProject(project: string, files: ReadonlyMap<string, string>): void {
  for (const [name, text] of files) {
    const path = join(project, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** undefined when that went well, else the package manager's output. */
async function installInto(project: string, cell: MatrixCell): Promise<string | undefined> {
  const { tarball, jestMajor, node, manager } = cell;
  const words = manager.add([tarball, `jest@${jestMajor}`, ...workersOwn]);
  const install = await runToEnd(node.executable, words, { cwd: project, environment: environmentOf(cell) });
  return install.succeeded ? undefined : install.output;
}

function environmentOf({ node, manager }: MatrixCell): Readonly<Record<string, string>> {
  return { ...manager.environment, PATH: [dirname(node.executable), process.env.PATH].join(delimiter) };
}

async function runJest(project: string, cell: MatrixCell, args: readonly string[] = []) {
  const resultsFile = join(project, 'results.json');
  rmSync(resultsFile, { force: true });
  const words = [...cell.manager.jest(project), '--ci', '--json', `--outputFile=${resultsFile}`, ...args];
  const run = await runToEnd(cell.node.executable, words, { cwd: project, environment: environmentOf(cell) });
  const results = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')) : {};
  const { numPassedTests = 0, numFailedTests = 0, numRuntimeErrorTestSuites = 0 } = results;
  const failed = numFailedTests + numRuntimeErrorTestSuites;
  const hasWatchdog = !run.output.includes('the watchdog');
  const passed = run.succeeded && failed === 0 && numPassedTests > 0 && hasWatchdog;
  const summary = `${passed ? 'pass' : 'FAIL'}: ${numPassedTests} passed, ${failed} failed${hasWatchdog ? '' : ', no watchdog'}`;
  return { passed, summary, details: passed ? [] : [lastLines(run.output, 40)] };
}
