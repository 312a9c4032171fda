import fc from 'fast-check';
import { nearestName, relatedName } from '../../src/text/nearest-name.ts';

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

test.each([
  ['RABBITMQ_URL', 'RABBIT_MQ_URL'],
  ['RABBITMQ_URL', 'rabbitmq_url'],
  ['celrey', 'celery'],
  ['pyhton', 'python'],
])('nearestName() takes %s for %s', (wanted, name) => {
  expect(nearestName(wanted, ['PATH', 'HOME', name, 'ls'])).toBe(name);
});

test('nearestName() takes nothing that is far, and not the name itself', () => {
  expect(nearestName('celery', ['dramatiq', 'cat', 'celery'])).toBeUndefined();
  expect(nearestName('x', ['y', 'z'])).toBeUndefined();
  expect(nearestName('worker', [])).toBeUndefined();
});

test('relatedName() also takes a longer or a shorter name', () => {
  expect(relatedName('ops', ['api', 'ops-core'])).toBe('ops-core');
  expect(relatedName('DATABASE_URL_TEST', ['DATABASE_URL'])).toBe('DATABASE_URL');
  expect(relatedName('ab', ['abcd'])).toBeUndefined();
});

test('nearestName() finds a name with one slip in it', () => {
  const name = fc.stringMatching(/^[A-Z]{6,12}$/);
  fc.assert(
    fc.property(name, fc.nat(5), (wanted, index) => {
      const slipped = `${wanted.slice(0, index)}_${wanted.slice(index + 1)}`;
      expect(nearestName(slipped, [wanted])).toBe(wanted);
    }),
  );
});

test.each([
  ['tsx', 'txs'],
  ['cat', 'at'],
  ['cat', 'cart'],
  ['cat', 'cut'],
  ['foobar', 'fobra'],
])('nearestName() counts a swap, a missing, an added, a wrong letter as one: %s, %s', (wanted, name) => {
  expect(nearestName(wanted, [name])).toBe(name);
});

test('nearestName() does not take two slips in a short name', () => {
  expect(nearestName('cats', ['acst', 'at', 'cuts!', 'ca'])).toBeUndefined();
});

test('nearestName() takes the nearer, whatever the order', () => {
  expect(nearestName('worker', ['wrker2', 'workr'])).toBe('workr');
  expect(nearestName('worker', ['workr', 'wrker2'])).toBe('workr');
});
