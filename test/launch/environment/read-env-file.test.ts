import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import fc from 'fast-check';
import { isLiveWorkerError } from '../../../src/errors.ts';
import { expandEnvFile } from '../../../src/launch/environment/expand-env-file.ts';
import { readEnvFile } from '../../../src/launch/environment/read-env-file.ts';
import { VariableTable } from '../../../src/launch/environment/variable-table.ts';
import { caught } from '../caught.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { envFileText } from './env-file-text.ts';

const readIn = (rootDir: string, asked: string, cwd = rootDir) =>
  readEnvFile(asked, { worker: 'ops', rootDir, cwd });

test('readEnvFile() reads from the cwd', () => {
  const rootDir = temporaryFolder({ 'services/ops/.env': '\uFEFFA=1\r\nB=2' });
  expect(readIn(rootDir, '.env', join(rootDir, 'services/ops'))).toEqual({
    file: join(rootDir, 'services/ops/.env'),
    variables: [
      { name: 'A', value: '1', line: 1 },
      { name: 'B', value: '2', line: 2 },
    ],
  });
});

test('D07: readEnvFile() names the absolute path of a missing file and where one of that name is', async () => {
  const rootDir = temporaryFolder({
    '.env.test': '',
    'services/ops/config/.env.test': '',
    'services/.env': '',
  });
  const cwd = join(rootDir, 'services/ops');
  const { code, message, details } = await caught(() => readIn(rootDir, '.env.test', cwd));
  expect(code).toBe('ENV_FILE_INVALID');
  expect(message.split('\n')).toEqual([
    'Cannot launch worker "ops": env file ".env.test" does not exist',
    `  "${cwd}/.env.test", resolved from cwd "${cwd}"`,
    `  "${rootDir}/.env.test" exists`,
    `  "${cwd}/config/.env.test" exists`,
    'Set workers.ops.envFile to "../../.env.test"',
  ]);
  expect(details).toMatchObject({ option: 'workers.ops.envFile', file: join(cwd, '.env.test') });
});

test('readEnvFile() looks one folder above rootDir, and as far up as the repository goes', async () => {
  const repository = temporaryFolder({
    '.env': '',
    'repo/.git/': '',
    'repo/.env.ci': '',
    'repo/packages/.env.local': '',
    'repo/packages/api/jest.config.js': '',
  });
  const rootDir = join(repository, 'repo/packages/api');
  const nextFor = async (asked: string, cwd = rootDir) =>
    (await caught(() => readIn(rootDir, asked, cwd))).message.split('\n').at(-1);
  expect(await nextFor('.env.local')).toBe('Set workers.ops.envFile to "../.env.local"');
  expect(await nextFor('.env.ci')).toBe('Set workers.ops.envFile to "../../.env.ci"');
  expect(await nextFor('.env')).toContain('Write the file');
  const alone = temporaryFolder({ '.env': '', 'project/x': '', 'deep/project/x': '' });
  const nextIn = async (folder: string) =>
    (await caught(() => readIn(join(alone, folder), '.env'))).message.split('\n').at(-1);
  expect(await nextIn('project')).toBe('Set workers.ops.envFile to "../.env"');
  expect(await nextIn('deep/project')).toContain('Write the file');
});

test('readEnvFile() names a similar file in the same folder', async () => {
  const rootDir = temporaryFolder({ '.env.tset': '', '.env.test/': '' });
  expect((await caught(() => readIn(rootDir, '.env.tests'))).message).toContain(
    'Set workers.ops.envFile to ".env.tset"',
  );
});

test('readEnvFile() says what to do when there is none anywhere', async () => {
  const { message } = await caught(() => readIn(temporaryFolder(), 'a/.env'));
  expect(message).toContain("Write the file, or set workers.ops.envFile to its path from the worker's cwd");
});

test('D07: readEnvFile() names file, line and mistake, and no value', async () => {
  const rootDir = temporaryFolder({
    '.env': 'A=1\nDB_URL="amqp://u:hunter2@h\nhunter2\nsome name=hunter2\n',
  });
  const { code, message, details } = await caught(() => readIn(rootDir, '.env'));
  expect(code).toBe('ENV_FILE_INVALID');
  expect(message.split('\n')).toEqual([
    `Cannot launch worker "ops": env file "${rootDir}/.env", line 2: DB_URL: the quote around its value is never closed`,
    '  line 3: no assignment NAME=value on the line (7 characters)',
    '  line 4: "some name" cannot be the name of a variable',
    'Correct the file, or leave it out of workers.ops.envFile',
  ]);
  expect(JSON.stringify(details)).not.toContain('hunter2');
});

test('readEnvFile() lists no more than six mistakes', async () => {
  const rootDir = temporaryFolder({ '.env': 'x\n'.repeat(200) });
  const { message, details } = await caught(() => readIn(rootDir, '.env'));
  expect(message.split('\n')).toHaveLength(8);
  expect(message).toContain('and 194 more');
  expect(details.mistakes).toHaveLength(100);
});

test('readEnvFile() refuses what is no file or no text', async () => {
  const rootDir = temporaryFolder({
    'folder/': '',
    latin: Buffer.from('A=1\nB=é', 'latin1'),
    big: 'A=1\n'.repeat(70_000),
  });
  execFileSync('mkfifo', [join(rootDir, 'fifo')]);
  const messageOf = async (name: string) =>
    (await caught(() => readIn(rootDir, name))).message.split('\n')[0];
  expect(await messageOf('folder')).toContain('/folder" is a directory');
  expect(await messageOf('latin/x')).toContain('"latin/x" does not exist');
  expect(await messageOf('a'.repeat(300))).toContain('cannot be read: ENAMETOOLONG');
  expect(await messageOf('fifo')).toContain('/fifo" is not a regular file');
  expect(await messageOf('latin')).toContain('/latin", line 2: a byte is not UTF-8');
  expect(await messageOf('big')).toContain(
    '/big" has 280000 bytes, more than the 262144 an env file may have',
  );
});

const unlessRoot = process.getuid?.() === 0 ? test.skip : test;

unlessRoot('readEnvFile() refuses a file this user may not read', async () => {
  const rootDir = temporaryFolder({ '.env': 'A=1' });
  chmodSync(join(rootDir, '.env'), 0);
  expect((await caught(() => readIn(rootDir, '.env'))).message).toContain('may not be read by this user');
});

const contents = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map(bytes => Buffer.from(bytes)),
  envFileText.map(text => Buffer.from(text)),
);

test('readEnvFile() takes any bytes for what dotenv does, or refuses them', () => {
  const rootDir = temporaryFolder();
  const file = join(rootDir, '.env');
  fc.assert(
    fc.property(contents, bytes => {
      writeFileSync(file, bytes);
      const table = new VariableTable();
      table.set('A', 'inherited $B {', { layer: 'inherited' });
      try {
        const read = readIn(rootDir, '.env');
        expandEnvFile('ops', read, { table, later: new Map() });
        const names = Object.keys(parse(bytes.toString().replace(/^\uFEFF/, '')));
        expect(read.variables.map(({ name }) => name)).toEqual(names);
        for (const name of names) expect(table.get(name)?.origin.layer).toBe('env-file');
      } catch (error) {
        if (!isLiveWorkerError(error)) throw error;
        expect(['ENV_FILE_INVALID', 'ENV_MISSING']).toContain(error.code);
      }
    }),
    { numRuns: 2000 },
  );
});

test('readEnvFile() ends on files made to be slow', () => {
  const rootDir = temporaryFolder();
  mkdirSync(join(rootDir, 'slow'));
  const lines = [
    "A='",
    'A="\\"',
    '\\"',
    'export ',
    'A:',
    ' ',
    `${'\n'.repeat(900)}x=`,
    'A=$A$A',
    'a',
    'A= `',
    '"\n',
    'a\n',
    '#\n',
  ];
  const start = performance.now();
  for (const line of lines) {
    writeFileSync(join(rootDir, 'slow/.env'), line.repeat(Math.floor(260_000 / line.length)));
    try {
      expandEnvFile('ops', readIn(rootDir, 'slow/.env'), { table: new VariableTable(), later: new Map() });
    } catch (error) {
      expect(isLiveWorkerError(error)).toBe(true);
    }
  }
  expect(performance.now() - start).toBeLessThan(20_000);
}, 60_000);

test('readEnvFile() refuses a file for a single mistake', async () => {
  const { message } = await caught(() => readIn(temporaryFolder({ '.env': 'A=1\nB' }), '.env'));
  expect(message.split('\n')).toHaveLength(2);
});

test('readEnvFile() names one other place, or five of many, and none in node_modules', async () => {
  const one = temporaryFolder({ 'config/.env': '', 'node_modules/.env': '' });
  const { details } = await caught(() => readIn(one, '.env'));
  expect(details.elsewhere).toEqual([join(one, 'config/.env')]);
  const many = temporaryFolder(
    Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map(index => [`config${index}/.env`, ''])),
  );
  expect((await caught(() => readIn(many, '.env'))).details.elsewhere).toHaveLength(5);
});
