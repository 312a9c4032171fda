import { inheritEnvironment } from '../../../src/launch/environment/inherit-environment.ts';

const jestEnv = {
  PATH: '/bin',
  NODE_ENV: 'test',
  JEST_WORKER_ID: '1',
  NODE_OPTIONS: '--inspect',
  NODE_V8_COVERAGE: '/tmp',
  npm_config_cache: 'x',
  NPM_CONFIG_X: 'x',
  INIT_CWD: '/',
  LIVE_WORKER_ID: 'outer',
  DRAMATIQ_TESTING: '1',
  GONE: undefined,
};

test('D05: inheritEnvironment() leaves out what Jest, npm and an outer run put there', () => {
  const { variables, withheld } = inheritEnvironment(jestEnv, 'all');
  expect(Object.fromEntries(variables)).toEqual({ PATH: '/bin', DRAMATIQ_TESTING: '1' });
  expect(withheld).toEqual([
    ...[
      'NODE_ENV',
      'JEST_WORKER_ID',
      'NODE_OPTIONS',
      'NODE_V8_COVERAGE',
      'npm_config_cache',
      'NPM_CONFIG_X',
    ].map(name => ({
      name,
      why: 'set by Jest or npm',
      ...(name === 'NODE_OPTIONS' && { value: '--inspect' }),
    })),
    { name: 'INIT_CWD', why: 'set by Jest or npm' },
    { name: 'LIVE_WORKER_ID', why: 'set by live-worker' },
  ]);
});

test('inheritEnvironment() leaves out what a package manager adds to the environment of its scripts', () => {
  const npm = {
    npm_config_npm_version: '10.0.0',
    npm_node_execpath: '/n',
    NODE: '/n',
    COLOR: '0',
    EDITOR: 'vi',
  };
  expect([...inheritEnvironment(npm, 'all').variables.keys()]).toEqual(['EDITOR']);
  const yarn = { npm_execpath: '/y', BERRY_BIN_FOLDER: '/b', PROJECT_CWD: '/p', COLOR: '1', NODE: '/mine' };
  expect([...inheritEnvironment(yarn, 'all').variables.keys()]).toEqual(['COLOR', 'NODE']);
});

test('inheritEnvironment() leaves out what only a child process of Jest has, unless it is listed', () => {
  const own = { FORCE_COLOR: '1', A: '1' };
  expect(inheritEnvironment(own, 'all', ['FORCE_COLOR'])).toEqual({
    variables: new Map([['A', '1']]),
    withheld: [{ name: 'FORCE_COLOR', why: 'set by Jest or npm' }],
  });
  expect([...inheritEnvironment(own, ['FORCE_COLOR'], ['FORCE_COLOR']).variables.keys()]).toEqual([
    'FORCE_COLOR',
  ]);
});

test('inheritEnvironment() keeps what Yarn put into NODE_OPTIONS, and tells the rest that is withheld', () => {
  const pnp = '--require /app/.pnp.cjs --experimental-loader file:///app/.pnp.loader.mjs';
  const both = { NODE_OPTIONS: `--inspect ${pnp} --max-old-space-size=200` };
  expect(inheritEnvironment(both, 'all')).toEqual({
    variables: new Map([['NODE_OPTIONS', pnp]]),
    withheld: [
      { name: 'NODE_OPTIONS', why: 'set by Jest or npm', value: '--inspect --max-old-space-size=200' },
    ],
  });
  expect(inheritEnvironment({ NODE_OPTIONS: pnp }, 'all')).toEqual({
    variables: new Map([['NODE_OPTIONS', pnp]]),
    withheld: [],
  });
  expect(inheritEnvironment({ NODE_OPTIONS: pnp }, 'none').variables.size).toBe(0);
  expect(inheritEnvironment(both, ['NODE_OPTIONS']).variables.get('NODE_OPTIONS')).toBe(both.NODE_OPTIONS);
});

test('inheritEnvironment() leaves out the folders that the jest of pnpm adds to NODE_PATH', () => {
  const pnpm = '/app/node_modules/.pnpm/jest@30.5.2/node_modules:/app/node_modules/.pnpm/node_modules';
  const env = {
    NODE_PATH: `${pnpm}:/opt/lib`,
    pnpm_config_x: '1',
    PNPM_PACKAGE_NAME: 'p',
    PNPM_HOME: '/pnpm',
  };
  const { variables, withheld } = inheritEnvironment(env, 'all');
  expect(Object.fromEntries(variables)).toEqual({ NODE_PATH: '/opt/lib', PNPM_HOME: '/pnpm' });
  expect(withheld[0]).toEqual({ name: 'NODE_PATH', why: 'set by Jest or npm', value: pnpm });
  expect(inheritEnvironment({ NODE_PATH: pnpm }, 'all').variables.size).toBe(0);
  expect(inheritEnvironment({ NODE_PATH: '/opt/lib' }, 'all').withheld).toEqual([]);
});

test('inheritEnvironment() keeps a NODE_ENV that is not Jest’s', () => {
  const { variables } = inheritEnvironment(
    { NODE_ENV: 'production', NODE_OPTIONS_X: '1', MY_JEST_: '2' },
    'all',
  );
  expect([...variables.keys()]).toEqual(['NODE_ENV', 'NODE_OPTIONS_X', 'MY_JEST_']);
});

test('inheritEnvironment() keeps exactly what inherit lists, also what Jest set', () => {
  const { variables, withheld } = inheritEnvironment(jestEnv, ['PATH', 'NODE_ENV', 'GONE']);
  expect(Object.fromEntries(variables)).toEqual({ PATH: '/bin', NODE_ENV: 'test' });
  expect(withheld).toContainEqual({ name: 'DRAMATIQ_TESTING', why: 'not in inherit' });
});

test("inheritEnvironment() keeps nothing with 'none'", () => {
  const { variables, withheld } = inheritEnvironment(jestEnv, 'none');
  expect(variables.size).toBe(0);
  expect(withheld).toContainEqual({ name: 'PATH', why: 'not in inherit' });
  expect(withheld).toContainEqual({ name: 'NODE_ENV', why: 'set by Jest or npm' });
});
