import { RunningTests } from '../../src/session/running-tests.ts';

let nowMs = 0;
const one = {};
const two = {};

beforeEach(() => {
  nowMs = 10_000;
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => jest.restoreAllMocks());

test('RunningTests names the running test, and the one before while it has only begun', () => {
  const tests = new RunningTests(() => {});
  tests.begin(one, 'one');
  expect(tests.moment).toEqual({ kind: 'test', test: 'one', justAfter: undefined });
  tests.end(one);
  tests.begin(two, 'two');
  expect(tests.moment).toEqual({ kind: 'test', test: 'two', justAfter: 'one' });
  nowMs += 20;
  expect(tests.moment).toEqual({ kind: 'test', test: 'two', justAfter: undefined });
});

test('RunningTests says just after a test for a second, then that no test runs', () => {
  const tests = new RunningTests(() => {});
  expect(tests.moment).toEqual({ kind: 'none', last: undefined });
  tests.begin(one, 'one');
  tests.end(one);
  expect(tests.moment).toEqual({ kind: 'after', test: 'one' });
  nowMs += 1_000;
  expect(tests.moment).toEqual({ kind: 'none', last: 'one' });
  tests.beginHook('afterAll');
  expect(tests.moment).toEqual({ kind: 'hook', hook: 'afterAll' });
  tests.endHook();
  expect(tests.moment).toEqual({ kind: 'none', last: 'one' });
});

test('RunningTests forgets a skipped test', () => {
  const tests = new RunningTests(() => {});
  tests.begin(one, 'one');
  tests.end(one, { isSkipped: true });
  expect(tests.moment).toEqual({ kind: 'none', last: undefined });
});

test('RunningTests takes tests that run together for one piece', () => {
  const onOver = jest.fn();
  const tests = new RunningTests(onOver);
  const between = tests.scope;
  expect(tests.begin(one, 'one')).toBe(true);
  expect(tests.begin(two, 'two')).toBe(false);
  const together = tests.scope;
  expect(tests.running).toBe('one", "two');
  tests.end(one);
  expect(tests.isOver(together)).toBe(false);
  expect(onOver).not.toHaveBeenCalled();
  tests.end(two);
  expect(tests.isOver(together)).toBe(true);
  expect(tests.isOver(between)).toBe(false);
  expect(onOver).toHaveBeenCalledTimes(1);
});
