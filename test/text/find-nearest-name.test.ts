import fc from 'fast-check';
import { findNearestName, findRelatedName } from '../../src/text/find-nearest-name.ts';

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
])('findNearestName() finds for %.20s the name %s', (given, nearest) => {
  expect(findNearestName(given, names)).toBe(nearest);
});

test('findNearestName() counts a swap of neighbours as one edit', () => {
  expect(findNearestName('abdc', ['xbdc', 'abcd', 'abxx'])).toBe('xbdc');
  expect(findNearestName('badc', ['abdc'])).toBe('abdc');
});

test('findNearestName() finds nothing for one letter', () => {
  expect(findNearestName('a', ['b'])).toBeUndefined();
});

test('findNearestName() does not compare texts too long for a name', () => {
  const long = 'x'.repeat(100_000);
  expect(findNearestName(long, [`${long}x`])).toBeUndefined();
});

test.each([
  ['RABBITMQ_URL', 'RABBIT_MQ_URL'],
  ['RABBITMQ_URL', 'rabbitmq_url'],
  ['celrey', 'celery'],
  ['pyhton', 'python'],
])('findNearestName() takes %s for %s', (wanted, name) => {
  expect(findNearestName(wanted, ['PATH', 'HOME', name, 'ls'])).toBe(name);
});

test('findNearestName() takes nothing that is far, and not the name itself', () => {
  expect(findNearestName('celery', ['dramatiq', 'cat', 'celery'])).toBeUndefined();
  expect(findNearestName('x', ['y', 'z'])).toBeUndefined();
  expect(findNearestName('worker', [])).toBeUndefined();
});

test('findRelatedName() also takes a longer or a shorter name', () => {
  expect(findRelatedName('ops', ['api', 'ops-core'])).toBe('ops-core');
  expect(findRelatedName('DATABASE_URL_TEST', ['DATABASE_URL'])).toBe('DATABASE_URL');
  expect(findRelatedName('ab', ['abcd'])).toBeUndefined();
});

test('findNearestName() finds a name with one slip in it', () => {
  const name = fc.stringMatching(/^[A-Z]{6,12}$/);
  fc.assert(
    fc.property(name, fc.nat(5), (wanted, index) => {
      const slipped = `${wanted.slice(0, index)}_${wanted.slice(index + 1)}`;
      expect(findNearestName(slipped, [wanted])).toBe(wanted);
    }),
  );
});

test.each([
  ['tsx', 'txs'],
  ['cat', 'at'],
  ['cat', 'cart'],
  ['cat', 'cut'],
  ['foobar', 'fobra'],
])('findNearestName() counts a swap, a missing, an added, a wrong letter as one: %s, %s', (wanted, name) => {
  expect(findNearestName(wanted, [name])).toBe(name);
});

test('findNearestName() does not take two slips in a short name', () => {
  expect(findNearestName('cats', ['acst', 'at', 'cuts!', 'ca'])).toBeUndefined();
});

test('findNearestName() takes the nearer, whatever the order', () => {
  expect(findNearestName('worker', ['wrker2', 'workr'])).toBe('workr');
  expect(findNearestName('worker', ['workr', 'wrker2'])).toBe('workr');
});
