import { getEventListeners } from 'node:events';
import { PollWaker } from '../../src/probe/poll-waker.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

test('pause() ends when its time is over', async () => {
  let isOver = false;
  void new PollWaker().pause(50, never).then(() => {
    isOver = true;
  });
  await jest.advanceTimersByTimeAsync(49);
  expect(isOver).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(isOver).toBe(true);
});

test('wake() ends all pauses under way, and only those', async () => {
  const waker = new PollWaker();
  const pauses = [waker.pause(minuteMs, never), waker.pause(minuteMs, never)];
  waker.wake();
  await Promise.all(pauses);
  const later = waker.pause(10, never);
  expect(jest.getTimerCount()).toBe(1);
  await jest.advanceTimersByTimeAsync(10);
  await later;
});

test('pause() ends with the signal, at once when that was aborted before', async () => {
  const stop = new AbortController();
  const waker = new PollWaker();
  const pause = waker.pause(minuteMs, stop.signal);
  stop.abort();
  await pause;
  await waker.pause(minuteMs, stop.signal);
  expect(jest.getTimerCount()).toBe(0);
});

test('pause() leaves no timer and no listener behind, however it ends', async () => {
  const stop = new AbortController();
  const waker = new PollWaker();
  const woken = waker.pause(minuteMs, stop.signal);
  waker.wake();
  await woken;
  const slept = waker.pause(5, stop.signal);
  await jest.advanceTimersByTimeAsync(5);
  await slept;
  expect(getEventListeners(stop.signal, 'abort')).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);
});

test('isAlert() is true for 200 ms after wake()', () => {
  const waker = new PollWaker();
  expect(waker.isAlert()).toBe(false);
  waker.wake();
  jest.advanceTimersByTime(199);
  expect(waker.isAlert()).toBe(true);
  jest.advanceTimersByTime(1);
  expect(waker.isAlert()).toBe(false);
});
