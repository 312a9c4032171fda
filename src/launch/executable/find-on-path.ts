import { delimiter, join, resolve } from 'node:path';
import which from 'which';

/** Where a bare name is looked up. */
export interface PathContext {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Looks a name up on the worker's PATH, whose relative entries count from the worker's cwd. */
export async function findOnPath(
  name: string,
  context: PathContext,
): Promise<{ readonly file?: string; readonly tried: readonly string[] }> {
  const folders = listPath(context);
  const candidates = folders.map(folder => join(folder, name));
  // `which` takes Jest's own PATH for an empty one.
  if (folders.length === 0) return { tried: [] };
  const file = await which(name, { path: folders.join(delimiter), nothrow: true });
  if (file === null) return { tried: candidates };
  return { file, tried: [...candidates.slice(0, candidates.indexOf(file)), file] };
}

/** The folders of the worker's PATH, absolute. An empty entry is the cwd. */
export function listPath({ env, cwd }: PathContext): readonly string[] {
  const name = Object.keys(env).find(key => key.toUpperCase() === 'PATH' && (key === 'PATH' || isWindows));
  const value = name === undefined ? undefined : env[name];
  if (value === undefined || value === '') return [];
  return [...new Set(value.split(delimiter).map(entry => resolve(cwd, entry)))];
}

const isWindows = process.platform === 'win32';
