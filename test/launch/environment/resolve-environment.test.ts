import { join } from 'node:path';
import { resolveEnvironment } from '../../../src/launch/environment/resolve-environment.ts';
import type { LaunchInputs } from '../../../src/launch/resolve-launch.ts';
import type { WorkerSpec } from '../../../src/options/options.ts';
import { caught } from '../caught.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { launchInputs, workerSpec } from '../worker-spec.ts';

async function resolveIn(cwd: string, spec: Partial<WorkerSpec>, around: Partial<LaunchInputs> = {}) {
  const place = { ...launchInputs({ rootDir: cwd, ...around }), cwd };
  const { table, ports, files } = await resolveEnvironment(workerSpec(spec), place);
  return {
    env: Object.fromEntries(table.values()),
    origins: table.origins(),
    withheld: table.withheld(),
    ports,
    files,
  };
}

test('resolveEnvironment() lays later layers over earlier ones and keeps where each variable comes from', async () => {
  const cwd = temporaryFolder({ '.env': 'B=file\nC=file\nD=file\nE=file\nF=file', '.env.test': '\nC=file2' });
  const inheritedEnv = { A: 'shell', B: 'shell' };
  const { env, origins } = await resolveIn(
    cwd,
    { envFiles: ['.env', '.env.test'], env: { D: 'env', E: 'env', F: 'env' }, ports: ['F'] },
    { inheritedEnv, restartEnv: { G: 'restart' } },
  );
  expect(env).toMatchObject({ A: 'shell', B: 'file', C: 'file2', D: 'env', E: 'env', G: 'restart' });
  expect(Object.fromEntries(origins)).toMatchObject({
    A: { layer: 'inherited' },
    B: { layer: 'env-file', file: join(cwd, '.env'), line: 1 },
    C: { layer: 'env-file', file: join(cwd, '.env.test'), line: 2 },
    D: { layer: 'env' },
    E: { layer: 'env' },
    F: { layer: 'port' },
    G: { layer: 'restart' },
    LIVE_WORKER_ID: { layer: 'supervision' },
  });
});

test('resolveEnvironment() lets the file win over the shell, and ${A:-x} give the shell its say', async () => {
  const cwd = temporaryFolder({ '.env': 'A=${A:-x}\nB=y\nC=${C:-x}\nD=$A-$B' });
  const { env } = await resolveIn(cwd, { envFiles: ['.env'] }, { inheritedEnv: { A: 'ci', B: 'ci' } });
  expect(env).toMatchObject({ A: 'ci', B: 'y', C: 'x', D: 'ci-y' });
});

test('resolveEnvironment() lets a file refer only to what the worker inherits', async () => {
  const cwd = temporaryFolder({ '.env': 'MODE=${NODE_ENV:-development}' });
  const { env } = await resolveIn(cwd, { envFiles: ['.env'] }, { inheritedEnv: { NODE_ENV: 'test' } });
  expect(env.MODE).toBe('development');
});

test('resolveEnvironment() fills ports into files and env', async () => {
  const cwd = temporaryFolder({ '.env': 'DB=file\nRESULTS=${DB}/r\nSELF=http://h:${PORT:-80}' });
  const { env, ports } = await resolveIn(cwd, {
    envFiles: ['.env'],
    ports: ['PORT', 'OTHER'],
    env: { URL: 'http://h:${PORT}', DB2: '${DB}', X: '${RESULTS}' },
  });
  expect(ports.PORT).not.toBe(ports.OTHER);
  expect(env).toMatchObject({
    PORT: String(ports.PORT),
    SELF: `http://h:${ports.PORT}`,
    URL: `http://h:${ports.PORT}`,
    RESULTS: 'file/r',
    DB2: 'file',
    X: 'file/r',
    DB: 'file',
  });
});

test('resolveEnvironment() resolves env in its order', async () => {
  const env = { PATH: '/mine:${PATH}', A: '1', B: '${A}${A:-x}${NONE:-2}', C: '$${A} $A' };
  const resolved = await resolveIn('/', { env }, { inheritedEnv: { PATH: '/bin' } });
  expect(resolved.env).toMatchObject({ PATH: '/mine:/bin', A: '1', B: '112', C: '${A} $A' });
});

test('resolveEnvironment() unsets with null, and records what it withheld', async () => {
  const cwd = temporaryFolder({ '.env': 'B=file\nNODE_ENV=file' });
  const { env, withheld } = await resolveIn(
    cwd,
    { envFiles: ['.env'], env: { A: null, B: null, NEVER: null } },
    { inheritedEnv: { A: 'x', C: 'x', NODE_ENV: 'test', JEST_X: '1' }, restartEnv: { C: null } },
  );
  expect(env).toMatchObject({ NODE_ENV: 'file' });
  expect(env).not.toHaveProperty('A');
  expect(withheld).toEqual([
    { name: 'JEST_X', why: 'set by Jest or npm' },
    { name: 'A', why: 'unset by env' },
    { name: 'B', why: 'unset by env' },
    { name: 'C', why: 'unset by restart' },
  ]);
});

test('resolveEnvironment() adds what supervision needs', async () => {
  const { env } = await resolveIn('/', {}, { inheritedEnv: { PGAPPNAME: 'shell', PYTHONUNBUFFERED: '' } });
  expect(env).toEqual({
    LIVE_WORKER_ID: 'run-1.ops',
    PYTHONUNBUFFERED: '1',
    PYTHONFAULTHANDLER: '1',
    SPT_NOENV: '1',
    PGAPPNAME: 'live-worker ops',
  });
  expect((await resolveIn('/', {})).env).toEqual(env);
});

test("resolveEnvironment() leaves the user's own PGAPPNAME", async () => {
  const cwd = temporaryFolder({ '.env': 'PGAPPNAME=file' });
  expect((await resolveIn(cwd, { env: { PGAPPNAME: 'mine' } })).env.PGAPPNAME).toBe('mine');
  expect((await resolveIn(cwd, { envFiles: ['.env'] })).env.PGAPPNAME).toBe('file');
});

test('resolveEnvironment() takes a port from a restart', async () => {
  const { env, ports } = await resolveIn('/', { ports: ['P', 'Q'] }, { restartEnv: { P: '80' } });
  expect(env.P).toBe('80');
  expect(Object.keys(ports)).toEqual(['Q']);
});

test('D06: resolveEnvironment() names all that requireEnv misses, and why each is missing', async () => {
  const cwd = temporaryFolder({ '.env': 'RABBIT_URL=amqp://u:hunter2@h\nEMPTY=' });
  const error = await caught(() =>
    resolveIn(
      cwd,
      {
        envFiles: ['.env'],
        requireEnv: ['RABBITQ_URL', 'NODE_ENV', 'EMPTY', 'HOME', 'SECRET', 'NOWHERE_AT_ALL'],
        env: { SECRET: null },
      },
      { inheritedEnv: { NODE_ENV: 'test', JEST_X: '1', HOME: '/root', SECRET: 'x' } },
    ),
  );
  expect(error.code).toBe('ENV_MISSING');
  expect(error.details).toEqual({
    worker: 'ops',
    names: ['RABBITQ_URL', 'NODE_ENV', 'EMPTY', 'SECRET', 'NOWHERE_AT_ALL'],
    withheld: [
      { name: 'NODE_ENV', why: 'set by Jest or npm' },
      { name: 'SECRET', why: 'unset by env' },
    ],
    files: [join(cwd, '.env')],
  });
  expect(error.message.split('\n')).toEqual([
    'Cannot launch worker "ops": requireEnv names "RABBITQ_URL", "NODE_ENV", "EMPTY", "SECRET", "NOWHERE_AT_ALL", not set for the worker',
    '  "RABBITQ_URL" is set nowhere; the nearest name is "RABBIT_URL"',
    '  "NODE_ENV" is in Jest\'s environment, but withheld: set by Jest or npm',
    `  "EMPTY" is set by "${cwd}/.env" line 2, but empty`,
    '  "SECRET" was unset by env',
    '  "NOWHERE_AT_ALL" is set nowhere',
    `  env file "${cwd}/.env" was read: 2 variables`,
    'Set them in an env file or in workers.ops.env',
  ]);
});

test('resolveEnvironment() names the layer that sets a variable to nothing', async () => {
  const spec = { requireEnv: ['A', 'B'], env: { B: '' } };
  const { message } = await caught(() => resolveIn('/', spec, { inheritedEnv: { A: '' } }));
  expect(message).toContain('"A" is set by Jest\'s environment, but empty');
  expect(message).toContain('"B" is set by the layer "env", but empty');
});

test('resolveEnvironment() points to inherit when that is what withholds a variable', async () => {
  const spec = { inherit: ['PATH'], requireEnv: ['HOME'] };
  const { message } = await caught(() => resolveIn('/', spec, { inheritedEnv: { HOME: '/root' } }));
  expect(message.split('\n').slice(1)).toEqual([
    '  "HOME" is in Jest\'s environment, but withheld: not in inherit',
    '  no env file was read',
    'Set it in an env file or in workers.ops.env, or list what Jest has in workers.ops.inherit',
  ]);
});

test('resolveEnvironment() names a reference of env to a variable that is not set', async () => {
  const error = await caught(() => resolveIn('/', { env: { A: '${B}' } }));
  expect(error.code).toBe('ENV_MISSING');
  expect(error.message.split('\n')).toEqual([
    'Cannot launch worker "ops": env.A refers to "${B}", not set for the worker',
    '  "B" is set nowhere',
    '  no env file was read',
    'Set it in an env file or in workers.ops.env',
  ]);
});

test('resolveEnvironment() says that a reference comes too early', async () => {
  const { message } = await caught(() => resolveIn('/', { env: { A: '${B}', B: 'later' } }));
  expect(message).toContain('env.A refers to "${B}", which env sets only further down');
});

test('resolveEnvironment() names a value of a file that grows without measure', async () => {
  const eightfold = (_: unknown, index: number) => `V${index + 1}=${`$V${index}`.repeat(8)}`;
  const lines = ['V0=0123456789', ...Array.from({ length: 20 }, eightfold)];
  const cwd = temporaryFolder({ '.env': lines.join('\n') });
  const error = await caught(() => resolveIn(cwd, { envFiles: ['.env'] }));
  expect(error.code).toBe('ENV_FILE_INVALID');
  expect(error.message).toContain('line 6: V5 is too much: it expands to as many as');
});
