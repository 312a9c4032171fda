import { nearestName } from '../../src/spec/nearest-name.ts';

const names = ['command', 'shell', 'cwd', 'envFile', 'env', 'startTimeoutMs', 'ready'];

test.each([
  ['comand', 'command'],
  ['commmand', 'command'],
  ['cdw', 'cwd'],
  ['CWD', 'cwd'],
  ['env_file', 'envFile'],
  ['envFiles', 'envFile'],
  ['startTimeout', 'startTimeoutMs'],
  ['raedy', 'ready'],
  ['retries', undefined],
  ['timeout', undefined],
  ['c', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('nearestName() finds for %.20s the name %s', (given, nearest) => {
  expect(nearestName(given, names)).toBe(nearest);
});

test('nearestName() counts a swap of neighbours as one edit', () => {
  expect(nearestName('abdc', ['xbdc', 'abcd', 'abxx'])).toBe('xbdc');
  expect(nearestName('badc', ['abdc'])).toBe('abdc');
});

test('nearestName() finds nothing for one letter', () => {
  expect(nearestName('a', ['b'])).toBeUndefined();
});

test('nearestName() does not compare texts too long for a name', () => {
  const long = 'x'.repeat(100_000);
  expect(nearestName(long, [`${long}x`])).toBeUndefined();
});
