import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runToEnd } from '../services/run-to-end.ts';

export interface ProvidedNode {
  readonly executable: string;
  /** Such as "22.20.0". */
  readonly version: string;
}

/** The running one where it is of that major version, else the one npm's package of that name ships. */
export async function provideNode(major: number, folder: string): Promise<ProvidedNode> {
  if (process.versions.node.startsWith(`${major}.`)) {
    return { executable: process.execPath, version: process.versions.node };
  }
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const prefix = join(folder, `node-${major}`);
  mkdirSync(prefix);
  const words = ['install', '--prefix', prefix, '--no-audit', '--no-fund', `${name}@${major}`];
  const { succeeded, output } = await runToEnd('npm', words, { cwd: prefix });
  const executable = join(prefix, 'node_modules', name, 'bin', 'node');
  const version = await runToEnd(executable, ['--version']);
  if (!succeeded || !version.succeeded)
    throw new Error(`Cannot install Node ${major}:\n${output}\n${version.output}`);
  return { executable, version: version.output.slice(1) };
}
