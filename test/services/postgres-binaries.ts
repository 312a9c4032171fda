import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import which from 'which';
import { runToEnd } from './run-to-end.ts';

/** The folder that has both initdb and postgres. */
export async function postgresBinaries(): Promise<string | undefined> {
  const folders = [...inPath(), ...(await askedForBindir()), ...debianVersions()];
  return folders.find(folder => ['initdb', 'postgres'].every(name => existsSync(join(folder, name))));
}

function inPath(): string[] {
  return (which.sync('postgres', { all: true, nothrow: true }) ?? []).map(path => dirname(path));
}

async function askedForBindir(): Promise<string[]> {
  const { succeeded, output } = await runToEnd('pg_config', ['--bindir']);
  return succeeded ? [output] : [];
}

function debianVersions(): string[] {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return [];
  const versions = readdirSync(root).sort((one, other) => Number(other) - Number(one));
  return versions.map(version => join(root, version, 'bin'));
}
