import { givenEnvironment } from '../../../src/process/table/given-environment.ts';

const child = ['node', '/app/node_modules/jest-worker/build/processChild.js'];
const given = (env: Record<string, string>, argv: string[], parent = '') =>
  givenEnvironment({ env, argv, ppid: 7 }, pid => (pid === 7 ? `\0A=1\0${parent}` : ''));

test('givenEnvironment() names the colours that jest-worker put there', () => {
  expect(given({ FORCE_COLOR: '1', A: '1' }, child).setByJest).toEqual(['FORCE_COLOR']);
});

test('givenEnvironment() keeps what Jest itself was given, as it was', () => {
  const { env, setByJest } = given({ FORCE_COLOR: '1', A: '1' }, child, 'FORCE_COLOR=3\0');
  expect(env).toEqual({ FORCE_COLOR: '3', A: '1' });
  expect(setByJest).toEqual([]);
});

test.each([
  [['node', '/app/node_modules/jest/bin/jest.js'], '1'],
  [child, '0'],
])('givenEnvironment() changes nothing for %j with %s', (argv, value) => {
  expect(given({ FORCE_COLOR: value }, argv)).toEqual({ env: { FORCE_COLOR: value }, setByJest: [] });
});
