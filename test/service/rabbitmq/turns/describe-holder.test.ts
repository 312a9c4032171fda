import { hostname } from 'node:os';
import { describeHolder, isHeldByRun } from '../../../../src/service/rabbitmq/turns/describe-holder.ts';
import type { TurnNote } from '../../../../src/service/rabbitmq/turns/turn-notes.ts';

const sinceMs = new Date('2026-03-01T12:31:07').getTime();
const waiting = { testPath: 'a.test.js', folder: '/app', workers: ['ops'] };
const file: TurnNote = {
  testPath: 'b.test.js',
  pid: 7,
  startTime: 1,
  sinceMs,
  host: hostname(),
  folder: '/app',
};
const run: TurnNote = { ...file, testPath: 'live-worker run ops' };

test('describeHolder() names a test file, which ends by itself', () => {
  expect(describeHolder(file, waiting)).toBe('b.test.js (pid 7, since 2026-03-01 12:31:07) uses it');
  expect(isHeldByRun(file)).toBe(false);
});

test('describeHolder() names a live-worker run and both ways out', () => {
  expect(describeHolder(run, waiting)).toBe(
    'live-worker run ops (pid 7, since 2026-03-01 12:31:07) uses it until it is stopped: with Ctrl-C, or kill 7. ' +
      'Or test against its worker: LIVE_WORKER_ATTACH=ops npx jest',
  );
  expect(isHeldByRun(run)).toBe(true);
});

test('describeHolder() names the folder and the machine where they are others', () => {
  const elsewhere = { ...run, folder: '/other', host: 'builder' };
  expect(describeHolder(elsewhere, { ...waiting, workers: ['ops', 'mail'] })).toMatch(
    /^live-worker run ops of \/other on builder \(pid 7, .* LIVE_WORKER_ATTACH=ops,mail npx jest$/,
  );
});

test('describeHolder() tells another live-worker run to have that one stopped', () => {
  expect(describeHolder(run, { ...waiting, testPath: 'live-worker run mail' })).toMatch(/or kill 7$/);
});

test('describeHolder() has a word for a holder that left no note', () => {
  expect(describeHolder(undefined, waiting)).toBe(
    'another project or machine uses it; where that is a live-worker run, test against its worker: LIVE_WORKER_ATTACH=ops npx jest',
  );
  expect(describeHolder(undefined, { ...waiting, workers: [] })).toBe('another project or machine uses it');
  expect(isHeldByRun(undefined)).toBe(false);
});
