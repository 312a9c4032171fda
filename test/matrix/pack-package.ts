import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { runToEnd } from '../services/run-to-end.ts';

/** The tarball's path. */
export async function packPackage(folder: string): Promise<string> {
  const { succeeded, output } = await runToEnd('npm', ['pack', '--pack-destination', folder], {
    cwd: repository,
  });
  const tarball = readdirSync(folder).find(name => name.endsWith('.tgz'));
  if (!succeeded || tarball === undefined) throw new Error(`Cannot pack the package:\n${output}`);
  return join(folder, tarball);
}
