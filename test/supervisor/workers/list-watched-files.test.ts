import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { listWatchedFiles } from '../../../src/supervisor/workers/list-watched-files.ts';

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'lw-watched-')));
afterAll(() => rmSync(cwd, { recursive: true }));

for (const path of [
  '.gitignore',
  'src/a.js',
  'src/.hidden.js',
  'src/a.test.js',
  'src/__snapshots__/a.snap',
  'docs/a.md',
  'dist/worker.js',
  'dist/deep/part.js',
  'node_modules/x/index.js',
  '.live-worker/run/x.log',
]) {
  mkdirSync(dirname(join(cwd, path)), { recursive: true });
  writeFileSync(join(cwd, path), path === '.gitignore' ? 'dist\n' : '');
}

interface Asked {
  readonly watch?: readonly string[];
  readonly args?: readonly string[];
}

async function list({ watch, args = [] }: Asked): Promise<readonly string[]> {
  const spec = { name: 'ops', ...(watch ? { watch } : {}) };
  const tests = { match: ['**/?(*.)+(spec|test).[jt]s?(x)'], regex: [] };
  const files = await listWatchedFiles({ spec, plan: { cwd, args }, tests });
  return files.map(file => relative(cwd, file)).sort();
}

test.each<[Asked, readonly string[]]>([
  [{ watch: [] }, []],
  [{ watch: ['src/**'] }, ['src/.hidden.js', 'src/a.js', 'src/a.test.js']],
  [{ watch: ['src'] }, ['src/.hidden.js', 'src/a.js', 'src/a.test.js']],
  [
    { watch: ['src/*', 'dist/**', '!**/*.test.js'] },
    ['dist/deep/part.js', 'dist/worker.js', 'src/.hidden.js', 'src/a.js'],
  ],
])('globs: %j', async (asked, expected) => {
  expect(await list(asked)).toEqual(expected);
});

test.each<[readonly string[], string]>([
  [['src/**', 'lib/**'], 'workers.ops.watch[1]: got "lib/**", want a glob that matches files from cwd'],
  [['!src/**'], 'workers.ops.watch: got ["!src/**"], want a glob of files beside those of what is left out'],
])('globs that match nothing: %j', async (watch, message) => {
  await expect(list({ watch })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining(message),
  });
});

test('without globs: what git lists, less tests, and the folder of the script though git ignores it', async () => {
  await expect(list({})).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining('workers.ops.watch: got none, and git lists nothing from cwd'),
  });
  expect(spawnSync('git', ['init', '-q'], { cwd }).status).toBe(0);
  const sources = ['.gitignore', 'docs/a.md', 'src/.hidden.js', 'src/a.js'];
  expect(await list({})).toEqual(sources);
  expect(await list({ args: ['src/a.js'] })).toEqual(sources);
  expect(await list({ args: ['dist/worker.js', '--flag'] })).toEqual([
    ...sources.slice(0, 1),
    'dist/deep/part.js',
    'dist/worker.js',
    ...sources.slice(1),
  ]);
});
