import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutableContext } from '../../../src/launch/executable/executable-context.ts';
import { resolveExecutable } from '../../../src/launch/executable/resolve-executable.ts';
import { caught } from '../caught.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const script = '#!/bin/sh\n';

function place(rootDir: string, changes: Partial<ExecutableContext> = {}): ExecutableContext {
  const jestNode = process.execPath;
  return { worker: 'ops', cwd: rootDir, rootDir, env: {}, jestNode, platform: 'linux', ...changes };
}

test('resolveExecutable() takes a path from the cwd, then from rootDir', async () => {
  const root = temporaryFolder({ 'bin/a': script, 'sub/bin/a': script, 'bin/b': script });
  const from = place(root, { cwd: join(root, 'sub') });
  expect(await resolveExecutable('bin/a', from)).toEqual({
    file: join(root, 'sub/bin/a'),
    origin: { rule: 'path', asked: 'bin/a', tried: [join(root, 'sub/bin/a')], interpreter: '/bin/sh' },
  });
  expect((await resolveExecutable('./bin/b', from)).origin.tried).toEqual([
    join(root, 'sub/bin/b'),
    join(root, 'bin/b'),
  ]);
  expect((await resolveExecutable(join(root, 'bin/b'), from)).file).toBe(join(root, 'bin/b'));
});

test('D02: resolveExecutable() names every path tried and the nearest place that has it', async () => {
  const root = temporaryFolder({ 'services/ops/.tox/py/bin/python': script, 'services/api/': '' });
  const from = place(root, { cwd: join(root, 'services/api') });
  const { code, message, details } = await caught(() => resolveExecutable('.tox/py/bin/python', from));
  expect(code).toBe('EXECUTABLE_NOT_FOUND');
  expect(message.split('\n')).toEqual([
    'Cannot launch worker "ops": ".tox/py/bin/python" was not found',
    `  "${root}/services/api/.tox/py/bin/python"`,
    `  "${root}/.tox/py/bin/python"`,
    `  "${root}/services/ops/.tox/py/bin/python" exists`,
    `Set the first word of workers.ops.command to "../ops/.tox/py/bin/python", its path from cwd "${root}/services/api"`,
  ]);
  expect(details).toMatchObject({ asked: '.tox/py/bin/python', option: 'workers.ops.command' });
});

test('resolveExecutable() prefers the venv nearest to the cwd', async () => {
  const root = temporaryFolder({ '.venv/bin/python': script, 'ops/venv/bin/python': script, 'ops/src/': '' });
  const { file, origin } = await resolveExecutable('python3', place(root, { cwd: join(root, 'ops/src') }));
  expect(file).toBe(join(root, 'ops/venv/bin/python'));
  expect(origin.rule).toBe('venv');
  expect(origin.tried.at(-1)).toBe(file);
});

test('resolveExecutable() prefers a venv to VIRTUAL_ENV, and that to PATH', async () => {
  const root = temporaryFolder({
    'project/.venv/bin/python': script,
    'active/bin/python': script,
    'path/python': script,
    'other/': '',
  });
  const env = { VIRTUAL_ENV: join(root, 'active'), PATH: join(root, 'path') };
  const rule = async (rootDir: string, variables: Record<string, string>) => {
    const { file, origin } = await resolveExecutable('python', place(rootDir, { env: variables }));
    return [origin.rule, file];
  };
  expect(await rule(join(root, 'project'), env)).toEqual(['venv', join(root, 'project/.venv/bin/python')]);
  expect(await rule(join(root, 'other'), env)).toEqual(['virtual-env', join(root, 'active/bin/python')]);
  expect(await rule(join(root, 'other'), { PATH: env.PATH })).toEqual(['PATH', join(root, 'path/python')]);
});

test('resolveExecutable() lists the venvs when several are equally near', async () => {
  const root = temporaryFolder({ '.venv/bin/python': script, '.tox/py/bin/python': script });
  const { code, message } = await caught(() => resolveExecutable('python', place(root)));
  expect(code).toBe('EXECUTABLE_NOT_FOUND');
  expect(message.split('\n')).toEqual([
    'Cannot launch worker "ops": "python" is in 2 virtual environments, and nothing says which one is meant',
    `  "${root}/.venv"`,
    `  "${root}/.tox/py"`,
    'Give its path as the first word of workers.ops.command, such as ".venv/bin/python"',
  ]);
});

test('D03: resolveExecutable() takes a console script from the venv that holds it', async () => {
  const root = temporaryFolder({
    '.venv/bin/python': script,
    '.tox/py/bin/python': script,
    '.tox/py/bin/celery': script,
    'path/celery': script,
    'path/make': script,
  });
  const from = place(root, { env: { PATH: join(root, 'path') } });
  expect((await resolveExecutable('celery', from)).file).toBe(join(root, '.tox/py/bin/celery'));
  const make = await resolveExecutable('make', from);
  expect(make).toMatchObject({ file: join(root, 'path/make'), origin: { rule: 'PATH' } });
  expect(make.origin.tried).toContain(join(root, '.venv/bin/make'));
});

test('resolveExecutable() does not look for a console script above the nearest venv', async () => {
  const root = temporaryFolder({
    '.venv/bin/python': script,
    '.venv/bin/celery': script,
    'ops/.venv/bin/python': script,
  });
  const { message } = await caught(() =>
    resolveExecutable('celery', place(root, { cwd: join(root, 'ops') })),
  );
  expect(message).toContain(`"${root}/.venv/bin/celery" exists`);
  expect(message).toContain('to "../.venv/bin/celery"');
});

test('resolveExecutable() takes VIRTUAL_ENV before node_modules, and the nearest node_modules before PATH', async () => {
  const root = temporaryFolder({
    'active/bin/tsx': script,
    'node_modules/.bin/tsx': script,
    'node_modules/.bin/only-here': script,
    'ops/node_modules/.bin/tsx': script,
    'path/tsx': script,
  });
  const PATH = join(root, 'path');
  const cwd = join(root, 'ops');
  const fileOf = async (asked: string, env: Record<string, string>) =>
    (await resolveExecutable(asked, place(cwd, { env }))).file;
  expect(await fileOf('tsx', { PATH, VIRTUAL_ENV: join(root, 'active') })).toBe(join(root, 'active/bin/tsx'));
  expect(await fileOf('tsx', { PATH })).toBe(join(root, 'ops/node_modules/.bin/tsx'));
  expect(await fileOf('only-here', { PATH })).toBe(join(root, 'node_modules/.bin/only-here'));
});

test('resolveExecutable() takes the node that runs Jest', async () => {
  const root = temporaryFolder({ 'node_modules/.bin/node': script, 'path/node': script });
  const { file, origin } = await resolveExecutable(
    'node',
    place(root, { env: { PATH: join(root, 'path') } }),
  );
  expect([file, origin.rule]).toEqual([process.execPath, 'jest-node']);
});

test("resolveExecutable() reads the worker's PATH from the worker's cwd, never Jest's own", async () => {
  const root = temporaryFolder({
    'ops/tools/run-it': script,
    'ops/here': script,
    'ops/no/run-it': 'not executable',
  });
  const cwd = join(root, 'ops');
  const { file } = await resolveExecutable('run-it', place(root, { cwd, env: { PATH: 'no:tools' } }));
  expect(file).toBe(join(cwd, 'tools/run-it'));
  expect((await resolveExecutable('here', place(root, { cwd, env: { PATH: '/nowhere:' } }))).file).toBe(
    join(cwd, 'here'),
  );
  for (const env of [{}, { PATH: '' }, { path: '/bin' }, { Path: '/bin' }]) {
    const { message } = await caught(() => resolveExecutable('sh', place(root, { env })));
    expect(message).toContain('  the worker has no PATH');
  }
});

test('resolveExecutable() names what it searched and a name close to it', async () => {
  const root = temporaryFolder({
    '.venv/bin/python': script,
    '.venv/bin/dramatiq': script,
    'path/other': script,
  });
  const { message } = await caught(() =>
    resolveExecutable('dramatik', place(root, { env: { PATH: join(root, 'path') } })),
  );
  expect(message.split('\n')).toEqual([
    'Cannot launch worker "ops": "dramatik" was not found',
    `  "${root}/.venv/bin/dramatik"`,
    `  "${root}/node_modules/.bin/dramatik"`,
    '  "/tmp/node_modules/.bin/dramatik"',
    '  "/node_modules/.bin/dramatik"',
    `  PATH of the worker: "${root}/path/dramatik"`,
    `  "${root}/.venv/bin/dramatiq" exists, a name close to it`,
    'Correct the first word of workers.ops.command, perhaps to "dramatiq"',
  ]);
});

test('resolveExecutable() says where it looked for a python', async () => {
  const root = temporaryFolder({ 'path/python3': script });
  const { message } = await caught(() =>
    resolveExecutable('python', place(root, { env: { PATH: join(root, 'path') } })),
  );
  expect(message.split('\n').slice(1)).toEqual([
    `  "${root}/.venv/bin/python"`,
    `  "${root}/venv/bin/python"`,
    `  PATH of the worker: "${root}/path/python"`,
    `  "${root}/path/python3" exists, a name close to it`,
    'Correct the first word of workers.ops.command, perhaps to "python3"',
  ]);
});

test('resolveExecutable() finds the nearest place of a bare name further down', async () => {
  const root = temporaryFolder({ 'services/ops/.tox/py/bin/celery': script, 'services/celery': '' });
  const { message } = await caught(() => resolveExecutable('celery', place(root)));
  expect(message).toContain(`"${root}/services/ops/.tox/py/bin/celery" exists`);
  expect(message).toContain('to "services/ops/.tox/py/bin/celery"');
  const unrelated = await caught(() => resolveExecutable('no-such-name', place(root)));
  expect(unrelated.message).toContain('  no virtual environment (.venv, venv, .tox/*) from cwd');
  expect(unrelated.message).toContain('Install it, or set the first word of workers.ops.command');
});

test('resolveExecutable() refuses an empty word', async () => {
  const root = temporaryFolder({ 'node_modules/.bin/x': script });
  const { code, message } = await caught(() => resolveExecutable('', place(root, { env: { PATH: root } })));
  expect(code).toBe('EXECUTABLE_NOT_FOUND');
  expect(message).toContain('Cannot launch worker "ops": the first word of its command is empty');
});

test('D23: resolveExecutable() refuses what it found but nobody can run, instead of looking on', async () => {
  const root = temporaryFolder({ 'path/python': script, '.venv/bin/': '', 'tool/': '', 'sub/tool': script });
  symlinkSync('/nowhere/python3', join(root, '.venv/bin/python'));
  const env = { PATH: join(root, 'path') };
  const { code, message } = await caught(() => resolveExecutable('python', place(root, { env })));
  expect(code).toBe('EXECUTABLE_UNUSABLE');
  expect(message).toContain('is a symbolic link to "/nowhere/python3", which does not exist');
  const from = place(join(root, 'sub'), { cwd: root });
  expect((await resolveExecutable('./tool', from)).file).toBe(join(root, 'sub/tool'));
  chmodSync(join(root, 'sub/tool'), 0o644);
  expect((await caught(() => resolveExecutable('./tool', from))).message).toContain('its mode is 0644');
});

test('D02: resolveExecutable() gives up on a tree that is too big to be looked through', async () => {
  const far = { 'a/b/tools/run.sh': script };
  const nearestIn = async (files: Readonly<Record<string, string>>) =>
    (await caught(() => resolveExecutable('tools/run.sh', place(temporaryFolder(files))))).details.nearest;
  expect(await nearestIn(far)).toMatch(/run\.sh$/);
  const crowd = Array.from({ length: 8_000 }, (_, index) => [`a/${index}`, '']);
  expect(await nearestIn({ ...far, ...Object.fromEntries(crowd) })).toBeUndefined();
});

test('resolveExecutable() finds the nearest place of a path anywhere, and no similar name', async () => {
  const root = temporaryFolder({ 'sub/tools/run.sh': script });
  const { details } = await caught(() => resolveExecutable('tools/run.sh', place(root)));
  expect(details.nearest).toBe(join(root, 'sub/tools/run.sh'));
  expect(details.similar).toBeUndefined();
});

test('resolveExecutable() knows the endings of Windows, and only there', async () => {
  const root = temporaryFolder({ '.venv/Scripts/python.exe': script, '.venv/Scripts/celery.exe': script });
  const windows = place(root, { platform: 'win32' });
  expect((await resolveExecutable('celery', windows)).file).toBe(join(root, '.venv/Scripts/celery.exe'));
  expect((await resolveExecutable('python', windows)).file).toBe(join(root, '.venv/Scripts/python.exe'));
  const linux = temporaryFolder({ '.venv/bin/python': script, '.venv/bin/celery.exe': script });
  expect((await caught(() => resolveExecutable('celery', place(linux)))).code).toBe('EXECUTABLE_NOT_FOUND');
});

test('resolveExecutable() tells every path in the order it looked', async () => {
  const root = temporaryFolder({
    'ops/.venv/bin/python': script,
    'path/tsx': script,
    'node_modules/.bin/eslint': script,
  });
  const cwd = join(root, 'ops');
  const env = { VIRTUAL_ENV: '/active', PATH: `/none:${join(root, 'path')}:/bin` };
  const triedFor = async (asked: string) =>
    (await resolveExecutable(asked, place(root, { cwd, env }))).origin.tried;
  expect(await triedFor('eslint')).toEqual([
    join(cwd, '.venv/bin/eslint'),
    '/active/bin/eslint',
    join(cwd, 'node_modules/.bin/eslint'),
    join(root, 'node_modules/.bin/eslint'),
  ]);
  expect(await triedFor('tsx')).toEqual([
    join(cwd, '.venv/bin/tsx'),
    '/active/bin/tsx',
    join(cwd, 'node_modules/.bin/tsx'),
    join(root, 'node_modules/.bin/tsx'),
    '/tmp/node_modules/.bin/tsx',
    '/node_modules/.bin/tsx',
    '/none/tsx',
    join(root, 'path/tsx'),
  ]);
  expect(await triedFor('python')).toEqual([join(cwd, 'venv/bin/python'), join(cwd, '.venv/bin/python')]);
});

test('resolveExecutable() proposes for a bare name only what lies where programs lie', async () => {
  const root = temporaryFolder({
    celery: script,
    'a/celery/': '',
    'a/b/': '',
    'a/node_modules/.bin/tsc': script,
  });
  const from = place(join(root, 'a'), { cwd: join(root, 'a/b') });
  expect((await caught(() => resolveExecutable('celery', from))).details.nearest).toBeUndefined();
  const typo = await caught(() => resolveExecutable('tcs', { ...from, cwd: join(root, 'a') }));
  expect(typo.details.similar).toBe(join(root, 'a/node_modules/.bin/tsc'));
});
