import { runInNewContext } from 'node:vm';
import { isLiveWorkerError, LiveWorkerError } from '../../src/errors.ts';
import type { Packed, PackedError } from '../../src/session/contract.ts';
import { framesAbove, unpack, unpackLater, withFrames } from '../../src/testing/unpack.ts';

const failed = (error: Partial<PackedError> = {}): Packed<never> => ({
  kind: 'error',
  error: { name: 'Error', message: 'it failed', ...error },
});

function fixture(carried: Packed<unknown>): unknown {
  return unpack(carried, fixture);
}
function fixtureLater(carried: Packed<unknown>): Promise<unknown> {
  return unpackLater(new Promise(resolve => setImmediate(resolve, carried)), fixtureLater);
}
async function caught(work: () => unknown): Promise<Error> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

test('unpack() adopts a value', () => {
  const value = runInNewContext('({ rows: [1] })') as unknown;
  expect(fixture({ kind: 'value', value })).toStrictEqual({ rows: [1] });
});

test('unpackLater() adopts a value', async () => {
  const value = runInNewContext('({ rows: [1] })') as unknown;
  expect(await fixtureLater({ kind: 'value', value })).toStrictEqual({ rows: [1] });
});

describe.each([
  ['unpack()', fixture],
  ['unpackLater()', fixtureLater],
])('%s', (_, call) => {
  test('rebuilds a LiveWorkerError with code and details', async () => {
    const details = runInNewContext('({ workers: ["ops"] })') as Record<string, unknown>;
    const carried = failed({
      name: 'LiveWorkerError',
      code: 'WORKER_UNKNOWN',
      message: 'no worker "x"',
      details,
    });
    const error = await caught(() => call(carried));
    expect(error).toBeInstanceOf(LiveWorkerError);
    expect(error).toBeInstanceOf(Error);
    expect(isLiveWorkerError(error)).toBe(true);
    expect(error).toMatchObject({ code: 'WORKER_UNKNOWN', message: 'no worker "x"' });
    expect((error as LiveWorkerError).details).toStrictEqual({ workers: ['ops'] });
    expect(error.stack).toMatch(/^LiveWorkerError \[WORKER_UNKNOWN\]: no worker "x"\n {4}at /);
  });

  test('rebuilds any other error with its name', async () => {
    const error = await caught(() => call(failed({ name: 'TypeError', message: 'x is undefined' })));
    expect(error).toBeInstanceOf(Error);
    expect(isLiveWorkerError(error)).toBe(false);
    expect(String(error)).toBe('TypeError: x is undefined');
  });

  test('points at the line that called the fixture', async () => {
    const error = await caught(() => call(failed()));
    const [headline, first] = (error.stack ?? '').split('\n');
    expect(headline).toBe('Error: it failed');
    expect(first).toMatch(/^ {4}at .*unpack\.test\.ts:\d+:\d+\)?$/);
    expect(error.stack).not.toMatch(/at (fixture|unpack)/);
  });

  test('keeps a message of many lines above the frames', async () => {
    const error = await caught(() => call(failed({ message: 'first\n    at the second\nthird' })));
    expect(error.stack).toMatch(/^Error: first\n {4}at the second\nthird\n {4}at /);
  });
});

test('framesAbove() is nothing but frames, and empty when the caller is not on the stack', () => {
  const frames = (function above() {
    return framesAbove(above);
  })();
  expect(frames).toMatch(/^ {4}at /);
  expect(framesAbove(fixture)).toBe('');
});

test('withFrames() gives an error another stack', () => {
  const error = new TypeError('no');
  expect(withFrames(error, '    at here')).toBe(error);
  expect(error.stack).toBe('TypeError: no\n    at here');
});
