import { getEventListeners } from 'node:events';
import { Alarm } from '../../src/probe/alarm.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('pause() ends when its time is over', async () => {
  let isOver = false;
  void new Alarm().pause(50, never).then(() => {
    isOver = true;
  });
  await jest.advanceTimersByTimeAsync(49);
  expect(isOver).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(isOver).toBe(true);
});

test('ring() wakes all who pause, and only them', async () => {
  const alarm = new Alarm();
  const pauses = [alarm.pause(minuteMs, never), alarm.pause(minuteMs, never)];
  alarm.ring();
  await Promise.all(pauses);
  const later = alarm.pause(10, never);
  expect(jest.getTimerCount()).toBe(1);
  await jest.advanceTimersByTimeAsync(10);
  await later;
});

test('pause() ends with the signal, at once when that was aborted before', async () => {
  const stop = new AbortController();
  const alarm = new Alarm();
  const pause = alarm.pause(minuteMs, stop.signal);
  stop.abort();
  await pause;
  await alarm.pause(minuteMs, stop.signal);
  expect(jest.getTimerCount()).toBe(0);
});

test('pause() leaves no timer and no listener behind, however it ends', async () => {
  const stop = new AbortController();
  const alarm = new Alarm();
  const rung = alarm.pause(minuteMs, stop.signal);
  alarm.ring();
  await rung;
  const slept = alarm.pause(5, stop.signal);
  await jest.advanceTimersByTimeAsync(5);
  await slept;
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);
});

test('isAlert() is true for 200 ms after a ring', () => {
  const alarm = new Alarm();
  expect(alarm.isAlert()).toBe(false);
  alarm.ring();
  jest.advanceTimersByTime(199);
  expect(alarm.isAlert()).toBe(true);
  jest.advanceTimersByTime(1);
  expect(alarm.isAlert()).toBe(false);
});
