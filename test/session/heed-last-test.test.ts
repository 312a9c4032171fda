import { LiveWorkerError } from '../../src/errors.ts';
import { DeathNotice } from '../../src/session/death-notice.ts';
import { heedLastTest } from '../../src/session/heed-last-test.ts';
import { TestCourse } from '../../src/session/test-course.ts';

const death = new LiveWorkerError('WORKER_EXITED', 'it died', {
  details: { worker: 'ops', exit: { code: 1, signal: null }, since: 'the test "one"' },
});

function afterOneTest(): TestCourse {
  const course = new TestCourse(() => {});
  const one = {};
  course.begin(one, 'one');
  course.end(one);
  return course;
}

test('heedLastTest() gives a worker a moment after the last test', async () => {
  const course = afterOneTest();
  await heedLastTest(course, new DeathNotice(() => {}));
  expect(course.idleMs).toBeGreaterThanOrEqual(25);
});

test('heedLastTest() gives the same after the last hook', async () => {
  const course = new TestCourse(() => {});
  course.endHook();
  await heedLastTest(course, new DeathNotice(() => {}));
  expect(course.idleMs).toBeGreaterThanOrEqual(25);
});

test('heedLastTest() is over with the death', async () => {
  const notice = new DeathNotice(() => {});
  const heeded = heedLastTest({ idleMs: -60_000 }, notice);
  notice.report(death);
  await heeded;
  await heedLastTest({ idleMs: -60_000 }, notice);
});

test('heedLastTest() does not wait where nothing ran', async () => {
  const course = new TestCourse(() => {});
  const skipped = {};
  course.begin(skipped, 'skipped');
  course.end(skipped, { isSkipped: true });
  expect(course.idleMs).toBe(Number.POSITIVE_INFINITY);
  await heedLastTest(course, new DeathNotice(() => {}));
});
