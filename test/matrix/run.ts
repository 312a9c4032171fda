/**
 * Installs the packed package beside each Jest on each Node, and by each package manager on this Node, and runs the README's
 * example there.
 *
 *     npm run test:matrix
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { packPackage } from './pack-package.ts';
import { type PackageManager, providePackageManagers } from './package-managers.ts';
import { provideNode } from './provide-node.ts';
import { readmeFiles } from './readme-files.ts';
import { type CellResult, runCell } from './run-cell.ts';

const nodeMajors = [20, 22, 24];
const jestMajors = [30, 29];

void runMatrix().then(passed => process.exit(passed ? 0 : 1));

async function runMatrix(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'live-worker-matrix-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => process.exit(1));
  process.once('exit', remove);
  const results = await runCells(folder);
  console.table(asTable(results));
  return results.every(result => result.passed);
}

async function runCells(folder: string): Promise<readonly CellResult[]> {
  const files = readmeFiles(readFileSync(join(repository, 'README.md'), 'utf8'));
  const tarball = await packPackage(folder);
  const [npm, ...others] = await providePackageManagers(folder);
  const results: CellResult[] = [];
  const run = async (nodeMajor: number, managers: readonly PackageManager[]) => {
    const node = await provideNode(nodeMajor, folder);
    for (const manager of managers) {
      for (const jestMajor of jestMajors) {
        const result = await runCell({ folder, files, tarball, node, jestMajor, manager });
        console.log(
          [`${nameOf(result)}, Jest ${jestMajor}: ${result.summary}`, ...result.details].join('\n'),
        );
        results.push(result);
      }
    }
  };
  for (const nodeMajor of nodeMajors) await run(nodeMajor, npm ? [npm] : []);
  await run(Number.parseInt(process.versions.node, 10), others);
  return results;
}

function nameOf({ node, manager }: CellResult): string {
  return manager.name === 'npm' ? `Node ${node.version}` : `${manager.name}, Node ${node.version}`;
}

function asTable(results: readonly CellResult[]): Record<string, Record<string, string>> {
  const table: Record<string, Record<string, string>> = {};
  for (const result of results) {
    const name = nameOf(result);
    table[name] = { ...table[name], [`Jest ${result.jestMajor}`]: result.summary };
  }
  return table;
}
