import fc from 'fast-check';
import { pollIntervalMs } from '../../src/probe/poll-interval.ts';

const middle = () => 0.5;
const calm = { sinceStartMs: 0, previousMs: 0, isAlert: false };

test('pollIntervalMs() is 10 for the first five seconds', () => {
  expect(pollIntervalMs(calm, middle)).toBe(10);
  expect(pollIntervalMs({ ...calm, sinceStartMs: 4_999, previousMs: 10 }, middle)).toBe(10);
});

test('pollIntervalMs() then grows by half up to 250', () => {
  const intervals = [10];
  for (let step = 0; step < 9; step += 1) {
    const previousMs = intervals.at(-1) as number;
    intervals.push(pollIntervalMs({ ...calm, sinceStartMs: 5_000, previousMs }, middle));
  }
  expect(intervals.map(Math.round)).toEqual([10, 15, 23, 34, 51, 76, 114, 171, 250, 250]);
});

test('pollIntervalMs() is 5 when the log has just grown, however late it is', () => {
  expect(pollIntervalMs({ sinceStartMs: 20_000, previousMs: 250, isAlert: true })).toBe(5);
});

test('pollIntervalMs() grows from 10 again after an alert', () => {
  expect(pollIntervalMs({ ...calm, sinceStartMs: 20_000, previousMs: 5 }, middle)).toBe(15);
});

test('pollIntervalMs() of a gentle pace is 100, grows at once up to 250, and does not mind the log', () => {
  const intervals: number[] = [];
  for (let step = 0; step < 4; step += 1) {
    const moment = { ...calm, pace: 'gentle', previousMs: intervals.at(-1) ?? 0, isAlert: true } as const;
    intervals.push(pollIntervalMs(moment, middle));
  }
  expect(intervals.map(Math.round)).toEqual([100, 150, 225, 250]);
});

test.each([
  [0, 400],
  [150, 250],
  [900, 0],
])('pollIntervalMs() of 400 after an attempt of %i ms is %i', (attemptMs, interval) => {
  expect(pollIntervalMs({ ...calm, pace: 400, attemptMs, isAlert: true }, middle)).toBe(interval);
});

test('pollIntervalMs() strays by a fifth at most', () => {
  const moment = fc.record({
    sinceStartMs: fc.nat({ max: 60_000 }),
    previousMs: fc.nat({ max: 300 }),
    isAlert: fc.constant(false),
  });
  fc.assert(
    fc.property(moment, fc.double({ min: 0, max: 1, noNaN: true }), (given, random) => {
      const straight = pollIntervalMs(given, middle);
      const strayed = pollIntervalMs(given, () => random);
      return strayed >= straight * 0.799 && strayed <= straight * 1.201 && straight >= 10 && straight <= 250;
    }),
  );
});
