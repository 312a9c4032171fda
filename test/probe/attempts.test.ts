import { getEventListeners, getMaxListeners } from 'node:events';
import { PollWaker } from '../../src/probe/poll-waker.ts';
import { type Probe, type ProbeAnswer, pending, ready } from '../../src/probe/probe.ts';
import { untilReady } from '../../src/probe/until-ready.ts';
import { answering, probe, silent } from './made-up-probes.ts';

const never = new AbortController().signal;

beforeEach(() => jest.useFakeTimers());
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** What the probe was heard to answer until the time is over. */
async function hear(attempted: Probe, ms: number): Promise<readonly ProbeAnswer[]> {
  const stop = new AbortController();
  const answers: ProbeAnswer[] = [];
  const waiting = untilReady([attempted], {
    signal: stop.signal,
    onAnswer: (_, answer) => answers.push(answer),
  });
  await jest.advanceTimersByTimeAsync(ms);
  stop.abort();
  await waiting;
  return answers;
}

test('FAULT 44: untilReady() leaves a silent attempt at its time limit and tries again', async () => {
  const mute = silent(100);
  const late = pending('no answer within 100 ms');
  expect(await hear(mute, 230)).toEqual([late, late]);
  expect(mute.seen.map(({ aborted }) => aborted)).toEqual([true, true, true]);
});

test('untilReady() gives an attempt two seconds when its probe names no limit', async () => {
  const { check } = silent();
  expect(await hear({ description: 'a probe', check }, 1_999)).toEqual([]);
  expect(await hear({ description: 'a probe', check }, 2_000)).toEqual([pending('no answer within 2000 ms')]);
});

test('untilReady() tells a probe that its attempt is over, whatever its result', async () => {
  const signals: AbortSignal[] = [];
  const attentive = probe(async signal => (signals.push(signal) === 2 ? ready : pending('not yet')));
  await hear(attentive, 100);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});

test.each<[string, Probe['check']]>([
  ['rejects', async () => Promise.reject(new Error('broken'))],
  [
    'throws',
    () => {
      throw new Error('broken');
    },
  ],
  [
    'throws no error',
    () => {
      throw 'broken';
    },
  ],
])('untilReady() takes a check that %s for pending', async (_, check) => {
  expect((await hear(probe(check), 0))[0]).toEqual(pending('broken'));
});

test('untilReady() holds an answer hopeless after the time it names', async () => {
  const answers = await hear(answering(pending('no such name', { hopelessAfterMs: 2_000 })), 10_000);
  const before = answers.slice(0, -1);
  expect(before.length).toBeGreaterThan(100);
  expect(before.every(({ kind }) => kind === 'pending')).toBe(true);
  expect(answers.at(-1)).toEqual({ kind: 'fatal', why: 'no such name' });
});

test('untilReady() hopes anew when something else was heard in between', async () => {
  let attempts = 0;
  const wavering = probe(async () =>
    ++attempts % 5 === 0 ? pending('starting up') : pending('no name', { hopelessAfterMs: 2_000 }),
  );
  expect((await hear(wavering, 20_000)).some(({ kind }) => kind === 'fatal')).toBe(false);
});

test('untilReady() asks every 10 ms at first, and four times a second after half a minute', async () => {
  const probed = (ms: number) => hear(answering(pending('not yet')), ms).then(({ length }) => length);
  const [first, half, later] = [await probed(1_000), await probed(30_000), await probed(60_000)];
  expect(first).toBeGreaterThan(80);
  expect(first).toBeLessThan(125);
  expect(later - half).toBeGreaterThan(100);
  expect(later - half).toBeLessThan(150);
});

test('untilReady() asks again at once when it is woken', async () => {
  const waker = new PollWaker();
  let hasWritten = false;
  const log = probe(async () => (hasWritten ? ready : pending('not yet')));
  const waiting = untilReady([log], { signal: never, waker });
  await jest.advanceTimersByTimeAsync(0);
  hasWritten = true;
  waker.wake();
  expect(await waiting).toEqual({ kind: 'ready' });
});

test('untilReady() leaves no listener behind, and has as many as it needs', async () => {
  const any = jest.spyOn(AbortSignal, 'any');
  const stop = new AbortController();
  const probes = Array.from({ length: 30 }, () => answering(pending('not yet'), ready));
  const waiting = untilReady(probes, { signal: stop.signal });
  const signal = any.mock.results[0]?.value as AbortSignal;
  expect(getMaxListeners(signal)).toBeGreaterThanOrEqual(30);
  expect(getEventListeners(signal, 'abort')).toHaveLength(30);
  await jest.advanceTimersByTimeAsync(100);
  await waiting;
  for (const used of [signal, stop.signal]) expect(getEventListeners(used, 'abort')).toEqual([]);
  expect(jest.getTimerCount()).toBe(0);
});
