import { type DeathWatch, raceDeath } from '../../src/jest/race-death.ts';

type Watcher = (error: Error) => void;

function watchedBy(watchers: Set<Watcher>): DeathWatch {
  return {
    watch: watcher => {
      watchers.add(watcher);
      return { stop: () => watchers.delete(watcher) };
    },
    error: () => undefined,
    afterwards: 'fail',
  };
}

test.each<[string, () => unknown]>([
  ['a promise that resolves', async () => 'value'],
  ['a promise that rejects', () => Promise.reject(new Error('no'))],
  ['a plain value', () => undefined],
])('raceDeath() keeps nothing of %s', async (_, fn) => {
  const watchers = new Set<Watcher>();
  await Promise.resolve(raceDeath(fn, watchedBy(watchers)).call(undefined)).catch(() => {});
  expect(watchers.size).toBe(0);
});

test('raceDeath() keeps nothing of a callback that was called, nor of one that threw before', async () => {
  const watchers = new Set<Watcher>();
  const called = raceDeath(done => (done as () => void)(), watchedBy(watchers));
  await new Promise<void>(resolve => called.call(undefined, resolve));
  const thrown = raceDeath(_done => {
    throw new Error('no');
  }, watchedBy(watchers));
  expect(() => thrown.call(undefined, () => {})).toThrow('no');
  expect(watchers.size).toBe(0);
});

test('raceDeath() rejects with the death while the function waits', async () => {
  const watchers = new Set<Watcher>();
  const raced = raceDeath(() => new Promise(() => {}), watchedBy(watchers)).call(undefined);
  const death = new Error('it died');
  for (const watcher of watchers) watcher(death);
  await expect(raced).rejects.toBe(death);
});
