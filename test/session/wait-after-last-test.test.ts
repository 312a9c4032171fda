import { LiveWorkerError } from '../../src/errors.ts';
import { DeathNotice } from '../../src/session/death-notice.ts';
import { RunningTests } from '../../src/session/running-tests.ts';
import { waitAfterLastTest } from '../../src/session/waits/wait-after-last-test.ts';

const death = new LiveWorkerError('WORKER_EXITED', 'it died', {
  details: { worker: 'ops', exit: { code: 1, signal: null }, since: 'the test "one"' },
});

function afterOneTest(): RunningTests {
  const tests = new RunningTests(() => {});
  const one = {};
  tests.begin(one, 'one');
  tests.end(one);
  return tests;
}

test('waitAfterLastTest() gives a worker a moment after the last test', async () => {
  const tests = afterOneTest();
  await waitAfterLastTest(tests, new DeathNotice(() => {}));
  expect(tests.idleMs).toBeGreaterThanOrEqual(25);
});

test('waitAfterLastTest() gives the same after the last hook', async () => {
  const tests = new RunningTests(() => {});
  tests.endHook();
  await waitAfterLastTest(tests, new DeathNotice(() => {}));
  expect(tests.idleMs).toBeGreaterThanOrEqual(25);
});

test('waitAfterLastTest() is over with the death', async () => {
  const notice = new DeathNotice(() => {});
  const heeded = waitAfterLastTest({ idleMs: -60_000 }, notice);
  notice.report(death);
  await heeded;
  await waitAfterLastTest({ idleMs: -60_000 }, notice);
});

test('waitAfterLastTest() does not wait where nothing ran', async () => {
  const tests = new RunningTests(() => {});
  const skipped = {};
  tests.begin(skipped, 'skipped');
  tests.end(skipped, { isSkipped: true });
  expect(tests.idleMs).toBe(Number.POSITIVE_INFINITY);
  await waitAfterLastTest(tests, new DeathNotice(() => {}));
});
