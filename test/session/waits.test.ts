import { LiveWorkerError } from '../../src/errors.ts';
import { DeathNotice } from '../../src/session/death-notice.ts';
import { TestCourse } from '../../src/session/test-course.ts';
import { Waits } from '../../src/session/waits.ts';

const longMs = 60_000;
const death = new LiveWorkerError('WORKER_EXITED', 'it died', {
  details: { worker: 'ops', exit: { code: 1, signal: null }, since: 'the test "one"' },
});

function withWaits(): { course: TestCourse; notice: DeathNotice; waits: Waits } {
  const course = new TestCourse(() => waits.look());
  const notice = new DeathNotice(() => waits.look());
  const waits: Waits = new Waits(course, notice);
  return { course, notice, waits };
}

test('Waits.pause() resolves with nothing when the time is over', async () => {
  const { course, waits } = withWaits();
  await expect(waits.pause(0, course.scope)).resolves.toBeUndefined();
});

test('Waits.pause() resolves with the death that comes, and at once with one that is there', async () => {
  const { course, notice, waits } = withWaits();
  const pause = waits.pause(longMs, course.scope);
  notice.report(death);
  await expect(pause).resolves.toBe(death);
  await expect(waits.pause(longMs, course.scope)).resolves.toBe(death);
});

test('Waits.pause() tells the death in a line once it was told', async () => {
  const { course, notice, waits } = withWaits();
  notice.report(death);
  notice.tellBy({});
  const news = await waits.pause(longMs, course.scope);
  expect(news?.message).toBe('Worker "ops" is dead since the test "one": it exited with code 1, see there');
});

test('Waits.pause() ends with its test, also when it begins afterwards', async () => {
  const { course, waits } = withWaits();
  const one = {};
  course.begin(one, 'one');
  const { scope } = course;
  const pause = waits.pause(longMs, scope);
  course.end(one);
  await expect(pause).resolves.toMatchObject({ code: 'WAIT_TIMEOUT' });
  await expect(waits.pause(longMs, scope)).resolves.toMatchObject({ code: 'WAIT_TIMEOUT' });
});

test('what is left at the file’s end stays silent where nobody hears of it', async () => {
  const { course, waits } = withWaits();
  const heard = jest.fn();
  void waits.pause(0, course.scope).then(heard);
  void waits.answer(() => new Promise(() => {})).then(heard);
  waits.end();
  waits.close();
  void waits.pause(0, course.scope).then(heard);
  await new Promise(resolve => setTimeout(resolve, 20));
  expect(heard).not.toHaveBeenCalled();
});

test('what is left at the file’s end is told where Jest hears of it, and what begins then never ends', async () => {
  const { course, waits } = withWaits();
  const over = { code: 'WAIT_TIMEOUT', message: expect.stringMatching(/^The test file was over/) };
  const begun = jest.fn();
  const pause = waits.pause(longMs, course.scope);
  const { rung } = waits.alarm(longMs);
  const unanswered = waits.answer(() => new Promise(() => {}));
  const answered = waits.answer<number>(
    () => new Promise(resolve => setImmediate(resolve, { kind: 'value', value: 1 })),
  );
  waits.end({ isHeard: true });
  void waits.answer(begun);
  await expect(pause).resolves.toMatchObject(over);
  await expect(rung).resolves.toMatchObject(over);
  await expect(answered).resolves.toEqual({ kind: 'value', value: 1 });
  waits.close();
  await expect(unanswered).resolves.toMatchObject({ kind: 'error', error: over });
  expect(begun).not.toHaveBeenCalled();
});

test('Waits.alarm() without a scope rings after its time alone', async () => {
  const { course, notice, waits } = withWaits();
  const one = {};
  course.begin(one, 'one');
  const { rung } = waits.alarm(30);
  const heard = jest.fn();
  void waits.alarm(longMs).rung.then(heard);
  course.end(one);
  notice.report(death);
  await expect(rung).resolves.toBeUndefined();
  expect(heard).not.toHaveBeenCalled();
});

test('Waits.alarm() that was stopped never rings', async () => {
  const { course, notice, waits } = withWaits();
  const heard = jest.fn();
  const stopped = waits.alarm(0, course.scope);
  void stopped.rung.then(heard);
  stopped.stop();
  notice.report(death);
  await waits.alarm(30).rung;
  expect(heard).not.toHaveBeenCalled();
});

test('Waits.verdictOn() is about that worker alone', () => {
  const { course, notice, waits } = withWaits();
  notice.report(death);
  expect(waits.verdictOn({ death: undefined }, course.scope)).toBeUndefined();
  expect(waits.verdictOn({ death }, course.scope)).toBe(death);
});
