import { within } from '../../src/server/running/within.ts';

const never = new Promise<string>(() => {});

test('within() has what comes in time, and nothing of what is late or not wanted any more', async () => {
  expect(await within(60_000, Promise.resolve('done'))).toBe('done');
  expect(await within(1, never)).toBeUndefined();
  const wanted = new AbortController();
  const waiting = within(60_000, never, wanted.signal);
  wanted.abort();
  expect(await waiting).toBeUndefined();
  expect(await within(60_000, never, wanted.signal)).toBeUndefined();
  await expect(within(60_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed');
});
