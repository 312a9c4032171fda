import { compareVariables } from '../../src/command/compare-variables.ts';
import type { LaunchPlan } from '../../src/launch/plan.ts';

const plan: LaunchPlan = {
  worker: 'ops',
  id: 'ops.1.abc',
  file: '/usr/bin/node',
  args: [],
  executable: { rule: 'path', asked: 'node', tried: [] },
  cwd: '/app',
  env: {
    ALPHA: '1',
    SAME: 'same',
    DATABASE_URL: 'postgres://ops:hunter22@db/ops',
    API_TOKEN: 'worker-token-1',
    PYTHONUNBUFFERED: '1',
    PATH: '/app/bin:/bin',
  },
  provenance: {
    ALPHA: { layer: 'env' },
    DATABASE_URL: { layer: 'env-file', file: '/app/.env', line: 3 },
    PYTHONUNBUFFERED: { layer: 'supervision' },
    PATH: { layer: 'inherited' },
  },
  withheld: [{ name: 'NODE_ENV', why: 'set by Jest or npm' }],
  ports: {},
};
const shell = {
  SAME: 'same',
  API_TOKEN: 'shell-token-22',
  NODE_ENV: 'test',
  DRAMATIQ_TESTING: '1',
  PATH: '/bin',
  npm_command: 'exec',
};

test('compareVariables() names likely culprits first, and nothing that is the same', () => {
  const found = compareVariables(plan, shell, '/app');
  expect(found.map(({ name, likely }) => `${name} ${likely}`)).toEqual([
    'PATH true',
    'NODE_ENV true',
    'DRAMATIQ_TESTING true',
    'DATABASE_URL true',
    'ALPHA false',
    'API_TOKEN false',
    'PYTHONUNBUFFERED false',
  ]);
});

test('compareVariables() says where a value is from or why it is missing, and masks it', () => {
  const found = compareVariables(plan, shell, '/app');
  const of = (name: string) => found.find(variable => variable.name === name);
  expect(of('DATABASE_URL')).toMatchObject({
    worker: 'postgres://ops:***@db/ops',
    shell: null,
    reason: 'set in .env:3',
  });
  expect(of('NODE_ENV')).toMatchObject({ worker: null, shell: 'test', reason: 'set by Jest or npm' });
  expect(of('DRAMATIQ_TESTING')).toMatchObject({ worker: null, shell: '1', reason: 'set only in the shell' });
  expect(of('API_TOKEN')).toMatchObject({ worker: '***', shell: '***' });
});
