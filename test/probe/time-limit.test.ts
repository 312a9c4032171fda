import { once } from 'node:events';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { timeLimit } from '../../src/probe/time-limit.ts';

test('timeLimit() ends in time although nothing but its listeners knows it', async () => {
  const over = once(timeLimit(300, new AbortController().signal).signal, 'abort');
  // What a turn of the event loop has referred to stays until its end.
  await new Promise(setImmediate);
  collectGarbage();
  // The limit itself keeps no process alive.
  const alive = setTimeout(() => {}, 20_000);
  await over.finally(() => clearTimeout(alive));
});

test('timeLimit() ends with a signal it was made of, and not once it was stopped', () => {
  const other = new AbortController();
  const [limit, stopped] = [timeLimit(20_000, other.signal), timeLimit(20_000, other.signal)];
  stopped.stop();
  other.abort();
  expect([limit.signal.aborted, stopped.signal.aborted]).toEqual([true, false]);
  expect(timeLimit(20_000, other.signal).signal.aborted).toBe(true);
  limit.stop();
});

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}
