import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { resolveCwd } from '../../src/launch/resolve-cwd.ts';
import { caught } from './caught.ts';
import { temporaryFolder } from './temporary-folder.ts';

const resolveIn = (rootDir: string, asked: string) => resolveCwd(asked, { worker: 'ops', rootDir });

test('resolveCwd() resolves from rootDir', () => {
  const rootDir = temporaryFolder({ 'services/ops/': '' });
  expect(resolveIn(rootDir, 'services/ops')).toBe(join(rootDir, 'services/ops'));
  expect(resolveIn('/nowhere', rootDir)).toBe(rootDir);
});

test('D08: resolveCwd() names what was asked, its base, the absolute path and the option', async () => {
  const rootDir = temporaryFolder();
  const error = await caught(() => resolveIn(rootDir, 'no-such-place'));
  expect(error.code).toBe('CWD_UNUSABLE');
  expect(error.message.split('\n')).toEqual([
    'Cannot launch worker "ops": its working directory "no-such-place" does not exist',
    `  "${rootDir}/no-such-place", resolved from rootDir "${rootDir}"`,
    'Set workers.ops.cwd to a directory, relative to rootDir or absolute',
  ]);
  expect(error.details).toMatchObject({ worker: 'ops', option: 'workers.ops.cwd', asked: 'no-such-place' });
});

test.each([
  ['further down', { 'packages/services/ops/': '' }, 'services/ops', 'packages/services/ops'],
  ['with the same last name', { 'apps/ops/': '' }, 'services/ops', 'apps/ops'],
  ['with a typo in the middle', { 'services/ops/app/': '' }, 'servcies/ops/app', 'services/ops/app'],
  ['with a longer name', { 'services/ops-core/': '' }, 'services/ops', 'services/ops-core'],
  ['not in node_modules', { 'node_modules/x/ops/': '', 'y/ops/': '' }, 'ops', 'y/ops'],
])('resolveCwd() names the nearest directory: %s', async (_, files, asked, nearest) => {
  const rootDir = temporaryFolder(files);
  const { details, message } = await caught(() => resolveIn(rootDir, asked));
  expect(details.nearest).toBe(join(rootDir, nearest));
  expect(message).toContain(`Set workers.ops.cwd to "${nearest}"`);
});

test('resolveCwd() proposes nothing whose rest is not there', async () => {
  const rootDir = temporaryFolder({ 'services/': '' });
  expect((await caught(() => resolveIn(rootDir, 'servcies/ops'))).details.nearest).toBeUndefined();
});

test('resolveCwd() looks upwards too', async () => {
  const folder = temporaryFolder({ 'services/ops/': '', 'services/api/e2e/': '' });
  const { details, message } = await caught(() =>
    resolveIn(join(folder, 'services/api/e2e'), 'services/ops'),
  );
  expect(details.nearest).toBe(join(folder, 'services/ops'));
  expect(message).toContain('to "../../ops"');
});

test('resolveCwd() refuses a file', async () => {
  const rootDir = temporaryFolder({ 'ops.py': '' });
  const { message } = await caught(() => resolveIn(rootDir, 'ops.py'));
  expect(message).toContain('its working directory "ops.py" is not a directory');
});

test('resolveCwd() refuses a directory below a file, and one with a NUL in its name', async () => {
  const rootDir = temporaryFolder({ 'ops.py': '' });
  expect((await caught(() => resolveIn(rootDir, 'ops.py/x'))).message).toContain('"ops.py/x" does not exist');
  const long = 'a'.repeat(300);
  expect((await caught(() => resolveIn(rootDir, long))).message).toContain('cannot be used: ENAMETOOLONG');
  expect((await caught(() => resolveIn(rootDir, 'a\0b'))).code).toBe('CWD_UNUSABLE');
});

const unlessRoot = process.getuid?.() === 0 ? test.skip : test;

unlessRoot('resolveCwd() refuses a directory that may not be entered', async () => {
  const rootDir = temporaryFolder({ 'closed/': '' });
  chmodSync(join(rootDir, 'closed'), 0o600);
  const { message } = await caught(() => resolveIn(rootDir, 'closed'));
  expect(message).toContain('may not be entered');
});
