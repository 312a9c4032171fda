import { LiveWorkerError } from '../../src/errors.ts';
import { DeathNotice } from '../../src/session/death-notice.ts';
import { RunningTests } from '../../src/session/running-tests.ts';
import { Waits } from '../../src/session/waits/waits.ts';

const longMs = 60_000;
const death = new LiveWorkerError('WORKER_EXITED', 'it died', {
  details: { worker: 'ops', exit: { code: 1, signal: null }, since: 'the test "one"' },
});

function withWaits(): { tests: RunningTests; notice: DeathNotice; waits: Waits } {
  const tests = new RunningTests(() => waits.look());
  const notice = new DeathNotice(() => waits.look());
  const waits: Waits = new Waits(tests, notice);
  return { tests, notice, waits };
}

test('Waits.pause() resolves with nothing when the time is over', async () => {
  const { tests, waits } = withWaits();
  await expect(waits.pause(0, tests.scope)).resolves.toBeUndefined();
});

test('Waits.pause() resolves with the death that comes, and at once with one that is there', async () => {
  const { tests, notice, waits } = withWaits();
  const pause = waits.pause(longMs, tests.scope);
  notice.report(death);
  await expect(pause).resolves.toBe(death);
  await expect(waits.pause(longMs, tests.scope)).resolves.toBe(death);
});

test('Waits.pause() tells the death in a line once it was told', async () => {
  const { tests, notice, waits } = withWaits();
  notice.report(death);
  notice.tellBy({});
  const news = await waits.pause(longMs, tests.scope);
  expect(news?.message).toBe('Worker "ops" is dead since the test "one": it exited with code 1, see there');
});

test('Waits.pause() ends with its test, also when it begins afterwards', async () => {
  const { tests, waits } = withWaits();
  const one = {};
  tests.begin(one, 'one');
  const { scope } = tests;
  const pause = waits.pause(longMs, scope);
  tests.end(one);
  await expect(pause).resolves.toMatchObject({ code: 'WAIT_TIMEOUT' });
  await expect(waits.pause(longMs, scope)).resolves.toMatchObject({ code: 'WAIT_TIMEOUT' });
});

test('what is left at the file’s end stays silent where nobody hears of it', async () => {
  const { tests, waits } = withWaits();
  const heard = jest.fn();
  void waits.pause(0, tests.scope).then(heard);
  void waits.answer(() => new Promise(() => {})).then(heard);
  waits.end();
  waits.close();
  void waits.pause(0, tests.scope).then(heard);
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(heard).not.toHaveBeenCalled();
});

test('what is left at the file’s end is told where Jest hears of it, and what begins then never ends', async () => {
  const { tests, waits } = withWaits();
  const fileOver = { code: 'WAIT_TIMEOUT', message: expect.stringMatching(/^The test file was over/) };
  const begun = jest.fn();
  const pause = waits.pause(longMs, tests.scope);
  const { over } = waits.timer(longMs);
  const unanswered = waits.answer(() => new Promise(() => {}));
  const answered = waits.answer<number>(
    () => new Promise(resolve => setImmediate(resolve, { kind: 'value', value: 1 })),
  );
  waits.end({ isHeard: true });
  void waits.answer(begun);
  await expect(pause).resolves.toMatchObject(fileOver);
  await expect(over).resolves.toMatchObject(fileOver);
  await expect(answered).resolves.toEqual({ kind: 'value', value: 1 });
  waits.close();
  await expect(unanswered).resolves.toMatchObject({ kind: 'error', error: fileOver });
  expect(begun).not.toHaveBeenCalled();
});

test('Waits.timer() without a scope rings after its time alone', async () => {
  const { tests, notice, waits } = withWaits();
  const one = {};
  tests.begin(one, 'one');
  const { over } = waits.timer(30);
  const heard = jest.fn();
  void waits.timer(longMs).over.then(heard);
  tests.end(one);
  notice.report(death);
  await expect(over).resolves.toBeUndefined();
  expect(heard).not.toHaveBeenCalled();
});

test('Waits.timer() that was stopped never rings', async () => {
  const { tests, notice, waits } = withWaits();
  const heard = jest.fn();
  const stopped = waits.timer(0, tests.scope);
  void stopped.over.then(heard);
  stopped.stop();
  notice.report(death);
  await waits.timer(30).over;
  expect(heard).not.toHaveBeenCalled();
});

test('Waits.verdictOn() is about that worker alone', () => {
  const { tests, notice, waits } = withWaits();
  notice.report(death);
  expect(waits.verdictOn({ death: undefined }, tests.scope)).toBeUndefined();
  expect(waits.verdictOn({ death }, tests.scope)).toBe(death);
});
