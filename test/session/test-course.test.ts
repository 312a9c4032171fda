import { TestCourse } from '../../src/session/test-course.ts';

let nowMs = 0;
const one = {};
const two = {};

beforeEach(() => {
  nowMs = 10_000;
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs);
});
afterEach(() => jest.restoreAllMocks());

test('TestCourse names the running test, and the one before while it has only begun', () => {
  const course = new TestCourse(() => {});
  course.begin(one, 'one');
  expect(course.moment).toEqual({ kind: 'test', test: 'one', justAfter: undefined });
  course.end(one);
  course.begin(two, 'two');
  expect(course.moment).toEqual({ kind: 'test', test: 'two', justAfter: 'one' });
  nowMs += 20;
  expect(course.moment).toEqual({ kind: 'test', test: 'two', justAfter: undefined });
});

test('TestCourse says just after a test for a second, then that no test runs', () => {
  const course = new TestCourse(() => {});
  expect(course.moment).toEqual({ kind: 'none', last: undefined });
  course.begin(one, 'one');
  course.end(one);
  expect(course.moment).toEqual({ kind: 'after', test: 'one' });
  nowMs += 1_000;
  expect(course.moment).toEqual({ kind: 'none', last: 'one' });
  course.beginHook('afterAll');
  expect(course.moment).toEqual({ kind: 'hook', hook: 'afterAll' });
  course.endHook();
  expect(course.moment).toEqual({ kind: 'none', last: 'one' });
});

test('TestCourse forgets a skipped test', () => {
  const course = new TestCourse(() => {});
  course.begin(one, 'one');
  course.end(one, { isSkipped: true });
  expect(course.moment).toEqual({ kind: 'none', last: undefined });
});

test('TestCourse takes tests that run together for one piece', () => {
  const onOver = jest.fn();
  const course = new TestCourse(onOver);
  const between = course.scope;
  expect(course.begin(one, 'one')).toBe(true);
  expect(course.begin(two, 'two')).toBe(false);
  const together = course.scope;
  expect(course.running).toBe('one", "two');
  course.end(one);
  expect(course.isOver(together)).toBe(false);
  expect(onOver).not.toHaveBeenCalled();
  course.end(two);
  expect(course.isOver(together)).toBe(true);
  expect(course.isOver(between)).toBe(false);
  expect(onOver).toHaveBeenCalledTimes(1);
});
