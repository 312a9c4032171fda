import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import which from 'which';
import { listNames } from '../../files/list-names.ts';
import { runCommand } from '../../process/run-command.ts';
import { type Environment, findFolderOf } from '../finding/find-program.ts';
import type { ServerUser } from '../server-plan.ts';
import { embeddedPostgres } from './embedded-postgres.ts';

const programs = ['initdb', 'postgres'];
const limitMs = 10_000;

export type FoundBinaries =
  /** The folder that has both initdb and postgres. */
  { readonly folder: string } | { readonly why: string };

/**
 * Those the project has from npm, else those of the machine. Each is run once as who is to run it: a folder may be closed to him, and
 * a library missing.
 */
export async function postgresBinaries(
  rootDir: string,
  env: Environment,
  user: ServerUser | undefined,
): Promise<FoundBinaries> {
  const refusals: string[] = [];
  const embedded = embeddedPostgres(rootDir);
  for (const folder of [...(embedded ? [embedded] : []), ...installed(env)]) {
    const refusal = await refusalOf(folder, user, folder === embedded);
    if (refusal === undefined) return { folder };
    refusals.push(refusal);
  }
  return { why: refusals.join('; ') || 'no initdb and postgres are installed' };
}

function installed(env: Environment): readonly string[] {
  const folder = findFolderOf(programs, [...onPath(env), ...usualFolders()]);
  return folder === undefined ? [] : [folder];
}

function onPath({ PATH = '' }: Environment): readonly string[] {
  return (which.sync('postgres', { all: true, nothrow: true, path: PATH }) ?? []).map(path => dirname(path));
}

/** Debian, RPMs of the PostgreSQL project, Alpine, Homebrew: none of them puts the server on the PATH. */
function usualFolders(): readonly string[] {
  const cellars = ['/opt/homebrew/opt', '/usr/local/opt'];
  return [
    ...newestFirst('/usr/lib/postgresql').map(version => join('/usr/lib/postgresql', version, 'bin')),
    ...newestFirst('/usr')
      .filter(isOfProject)
      .map(name => join('/usr', name, 'bin')),
    ...newestFirst('/usr/libexec')
      .filter(isOfAlpine)
      .map(name => join('/usr/libexec', name)),
    ...cellars.flatMap(cellar =>
      newestFirst(cellar)
        .filter(name => name.startsWith('postgresql'))
        .map(name => join(cellar, name, 'bin')),
    ),
    '/Applications/Postgres.app/Contents/Versions/latest/bin',
  ];
}

function isOfProject(name: string): boolean {
  return name.startsWith('pgsql-');
}

function isOfAlpine(name: string): boolean {
  return name.startsWith('postgresql');
}

function newestFirst(folder: string): readonly string[] {
  return existsSync(folder)
    ? [...listNames(folder)].sort(new Intl.Collator('en', { numeric: true }).compare).reverse()
    : [];
}

async function refusalOf(
  folder: string,
  user: ServerUser | undefined,
  isEmbedded: boolean,
): Promise<string | undefined> {
  const initdb = join(folder, 'initdb');
  const as = user && { uid: user.uid, gid: user.gid };
  const { code, lastLine } = await runCommand([initdb, '--version'], {
    cwd: '/',
    env: { LC_ALL: 'C' },
    timeoutMs: limitMs,
    signal: new AbortController().signal,
    ...(as && { as }),
  });
  if (code === 0) return undefined;
  const who = user ? `user "${user.name}" cannot run ${initdb}` : `${initdb} cannot be run`;
  const rebuild = /shared librar/.test(lastLine) && isEmbedded ? ': npm rebuild makes its links' : '';
  return `${who} (${lastLine})${rebuild}`;
}
