import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { toLaunchRecord } from '../../src/launch/launch-record.ts';
import { resolveLaunch } from '../../src/launch/resolve-launch.ts';
import { secretSources } from '../../src/launch/secret-sources.ts';
import { Secrets } from '../../src/secrets/secrets.ts';
import { caught } from './caught.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { launchInputs, workerSpec } from './worker-spec.ts';

const printer = 'console.log(JSON.stringify([process.cwd(), process.argv.slice(2), process.env]))';

test('resolveLaunch() gives a plan that can be spawned as it is', async () => {
  const rootDir = temporaryFolder({
    'services/ops/print.js': printer,
    'services/ops/.env': 'NAME=$GREETING world',
  });
  const spec = workerSpec({
    command: ['node', 'print.js', '--port=${HTTP_PORT}', '$NAME', '${NAME}'],
    cwd: 'services/ops',
    envFiles: ['.env'],
    ports: ['HTTP_PORT'],
  });
  const plan = await resolveLaunch(
    spec,
    launchInputs({ rootDir, inheritedEnv: { GREETING: 'hello', NODE_ENV: 'test' } }),
  );
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  expect(Object.keys(plan.provenance)).toEqual(Object.keys(plan.env));
  const { file, args, cwd, env } = plan;
  const [seenCwd, seenArguments, seenEnv] = JSON.parse(
    spawnSync(file, args, { cwd, env, encoding: 'utf8' }).stdout,
  );
  expect(seenCwd).toBe(join(rootDir, 'services/ops'));
  expect(seenArguments).toEqual([`--port=${plan.ports.HTTP_PORT}`, '$NAME', 'hello world']);
  expect(seenEnv).toEqual(env);
});

test('resolveLaunch() hands a script to the shell as it is', async () => {
  const spec = workerSpec({
    command: ['echo "${A}" $A ${NONE:-x}'],
    shell: true,
    env: { A: '"; rm -rf $HOME' },
  });
  const plan = await resolveLaunch(spec, launchInputs());
  expect(plan).toMatchObject({
    file: '/bin/sh',
    args: ['-c', 'echo "${A}" $A ${NONE:-x}'],
    executable: { rule: 'shell', tried: ['/bin/sh'] },
  });
  const { stdout } = spawnSync(plan.file, plan.args, { env: plan.env, encoding: 'utf8' });
  expect(stdout).toBe('"; rm -rf $HOME "; rm -rf $HOME x\n');
});

test('resolveLaunch() gives cmd.exe the script on Windows', async () => {
  const spec = workerSpec({ command: ['echo x'], shell: true });
  const { file, args } = await resolveLaunch(
    spec,
    launchInputs({ platform: 'win32', inheritedEnv: { ComSpec: 'C:\\cmd.exe' } }),
  );
  expect([file, args]).toEqual(['C:\\cmd.exe', ['/d', '/s', '/c', 'echo x']]);
});

test('resolveLaunch() fills in the first word too', async () => {
  const rootDir = temporaryFolder({ 'bin/tool': '#!/bin/sh\n' });
  const spec = workerSpec({ command: ['${FOLDER}/tool'], env: { FOLDER: 'bin' } });
  expect((await resolveLaunch(spec, launchInputs({ rootDir }))).file).toBe(join(rootDir, 'bin/tool'));
});

test('resolveLaunch() names the word of the command with a variable that is not set', async () => {
  const spec = workerSpec({ command: ['node', '-p', '${NODE_ENV}'] });
  const { code, message } = await caught(() =>
    resolveLaunch(spec, launchInputs({ inheritedEnv: { NODE_ENV: 'test' } })),
  );
  expect(code).toBe('ENV_MISSING');
  expect(message.split('\n').slice(0, 2)).toEqual([
    'Cannot launch worker "ops": command[2] refers to "${NODE_ENV}", not set for the worker',
    '  "NODE_ENV" is in Jest\'s environment, but withheld: set by Jest or npm',
  ]);
});

test.each([
  ['CWD_UNUSABLE', { cwd: 'nowhere' }],
  ['ENV_FILE_INVALID', { envFiles: ['nowhere'] }],
  ['ENV_MISSING', { requireEnv: ['NOWHERE'] }],
  ['EXECUTABLE_NOT_FOUND', { command: ['./nowhere'] }],
  ['EXECUTABLE_UNUSABLE', { command: ['./folder'] }],
])('resolveLaunch() fails with %s in less than 100 ms', async (code, changes) => {
  const rootDir = temporaryFolder({ 'folder/': '' });
  const start = performance.now();
  const error = await caught(() => resolveLaunch(workerSpec(changes), launchInputs({ rootDir })));
  expect(performance.now() - start).toBeLessThan(100);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(/^Cannot launch worker "ops": .*[^.]\n/);
  expect(JSON.parse(JSON.stringify(error.details))).toMatchObject({ worker: 'ops' });
});

test('toLaunchRecord() gives JSON without a secret', async () => {
  const rootDir = temporaryFolder({
    tool: '#!/bin/sh\n',
    '.env': 'BROKER=amqp://ops:hunter2@h\nCOPY="said hunter2"',
  });
  const spec = workerSpec({
    command: ['./tool', '${BROKER}', '--x=hunter2', '--token', 'other'],
    envFiles: ['.env'],
    env: { API_TOKEN: 'tok-hunter3' },
  });
  const plan = await resolveLaunch(spec, launchInputs({ rootDir, inheritedEnv: { JEST_X: '1' } }));
  const record = toLaunchRecord(plan, new Secrets(secretSources(plan, [])));
  expect(record).toMatchObject({
    worker: 'ops',
    id: 'run-1.ops',
    command: [join(rootDir, 'tool'), 'amqp://ops:***@h', '--x=***', '--token', '***'],
    cwd: rootDir,
    executable: { rule: 'path', asked: './tool', interpreter: '/bin/sh' },
    env: {
      BROKER: {
        value: 'amqp://ops:***@h',
        from: { layer: 'env-file', file: join(rootDir, '.env'), line: 1 },
      },
      COPY: { value: 'said ***', from: { layer: 'env-file', line: 2 } },
      API_TOKEN: { value: '***', from: { layer: 'env' } },
      LIVE_WORKER_ID: { value: 'run-1.ops', from: { layer: 'supervision' } },
    },
    withheld: [{ name: 'JEST_X', why: 'set by Jest or npm' }],
    ports: {},
  });
  expect(Object.keys(record.env)).toEqual(Object.keys(record.env).toSorted());
  expect(JSON.stringify(record)).not.toMatch(/hunter|tok-/);
});

test('toLaunchRecord() hides the secrets of a script', async () => {
  const spec = workerSpec({ command: ['PASSWORD=hunter2 run amqp://u:hunter3@h'], shell: true });
  const record = JSON.stringify(toLaunchRecord(await resolveLaunch(spec, launchInputs()), new Secrets()));
  expect(record).not.toContain('hunter');
});
