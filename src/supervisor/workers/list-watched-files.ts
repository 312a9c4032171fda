import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import picomatch from 'picomatch';
import { glob } from 'tinyglobby';
import type { LaunchPlan } from '../../launch/plan.ts';
import { mistakeAt } from '../../options/mistake.ts';
import type { WorkerSpec } from '../../options/options.ts';
import { optionsInvalid } from '../../options/options-invalid.ts';
import type { TestPatterns } from '../protocol.ts';

/** More files are not looked at before each run. */
const mostFiles = 20_000;
const gitOutputBytes = 64 * 1024 * 1024;
const notSources = ['**/node_modules/**', '**/.git/**', '**/.live-worker/**', '**/coverage/**', '**/*.snap'];

/** Which files a worker is made of. */
export interface WatchedFilesOrder {
  readonly spec: Pick<WorkerSpec, 'name' | 'watch'>;
  readonly plan: Pick<LaunchPlan, 'cwd' | 'args'>;
  readonly tests: TestPatterns;
}

/**
 * Their absolute paths: what the globs of `watch` match, else what git lists from cwd and the folder of the script even where git
 * ignores it, less what belongs to Jest.
 *
 * @throws OPTIONS_INVALID where globs match nothing, git lists nothing, or there are too many
 */
export async function listWatchedFiles({ spec, plan, tests }: WatchedFilesOrder): Promise<readonly string[]> {
  const files = spec.watch
    ? await globbed(spec.name, spec.watch, plan.cwd)
    : (await listedByGit(spec.name, plan)).filter(unlessTest(tests));
  if (files.length > mostFiles)
    throw refusal(spec.name, `${files.length} files from ${plan.cwd}`, `globs of at most ${mostFiles} files`);
  return files;
}

async function globbed(worker: string, watch: readonly string[], cwd: string): Promise<readonly string[]> {
  const ignore = watch.filter(one => one.startsWith('!')).map(one => one.slice(1));
  const patterns = watch.filter(one => !one.startsWith('!'));
  if (patterns.length === 0 && watch.length > 0)
    throw refusal(worker, JSON.stringify(watch), 'a glob of files beside those of what is left out');
  const found = await Promise.all(
    patterns.map(pattern =>
      glob(pattern, { cwd, dot: true, absolute: true, ignore: [...notSources, ...ignore] }),
    ),
  );
  const empty = found.findIndex(paths => paths.length === 0);
  if (empty !== -1)
    throw refusal(worker, JSON.stringify(patterns[empty]), `a glob that matches files from cwd "${cwd}"`, [
      watch.indexOf(patterns[empty] ?? ''),
    ]);
  return [...new Set(found.flat())];
}

async function listedByGit(
  worker: string,
  { cwd, args }: Pick<LaunchPlan, 'cwd' | 'args'>,
): Promise<readonly string[]> {
  const words = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const list = promisify(execFile)('git', words, { cwd, maxBuffer: gitOutputBytes });
  const { stdout } = await list.catch((error: Error & { readonly stderr?: string }) => {
    const [why = 'git cannot be run'] = (error.stderr || error.message).trim().split('\n');
    throw refusal(worker, `none, and git lists nothing from cwd "${cwd}": ${why}`, 'globs from cwd');
  });
  const ignored = picomatch(notSources, { dot: true });
  if (stdout === '') throw refusal(worker, `none, and git lists no file from cwd "${cwd}"`, 'globs from cwd');
  const files = stdout
    .split('\0')
    .filter(path => path !== '' && !ignored(path))
    .map(path => resolve(cwd, path));
  return [...new Set([...files, ...(await besideScript(args, cwd, files))])];
}

/** A program that was built lies in a folder git ignores. */
async function besideScript(
  args: readonly string[],
  cwd: string,
  listed: readonly string[],
): Promise<readonly string[]> {
  const script = args.map(word => resolve(cwd, word)).find(isFile);
  if (script === undefined || listed.includes(script)) return [];
  const folder = dirname(script);
  const isBelow = folder !== cwd && !relative(cwd, folder).startsWith('..');
  if (!isBelow) return [script];
  return glob('**', { cwd: folder, dot: true, absolute: true, ignore: notSources });
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function unlessTest({ match, regex }: TestPatterns): (path: string) => boolean {
  const isMatch = match.length > 0 ? picomatch([...match], { dot: true }) : () => false;
  const expressions = regex.map(source => new RegExp(source));
  return path => !isMatch(path) && !expressions.some(expression => expression.test(path));
}

function refusal(worker: string, given: string, wanted: string, index: readonly number[] = []): Error {
  return optionsInvalid(`Cannot keep worker "${worker}" after its run`, [
    mistakeAt(['workers', worker, 'watch', ...index], { given, wanted }),
  ]);
}
