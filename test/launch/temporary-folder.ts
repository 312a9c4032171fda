import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const folders: string[] = [];

/** A folder with the given files; a name that ends in `/` is a folder, content with a `#!` is executable. Gone after the test. */
export function temporaryFolder(files: Readonly<Record<string, string | Buffer>> = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launch-')));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) writeIn(folder, name, content);
  return folder;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function writeIn(folder: string, name: string, content: string | Buffer): void {
  const path = join(folder, name);
  mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
  if (name.endsWith('/')) return;
  writeFileSync(path, content);
  if (content.toString().startsWith('#!')) chmodSync(path, 0o755);
}
