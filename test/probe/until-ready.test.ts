import { PollWaker } from '../../src/probe/poll-waker.ts';
import { fatal, pending, ready } from '../../src/probe/probe.ts';
import { untilReady } from '../../src/probe/until-ready.ts';
import { answering, probe, silent } from './made-up-probes.ts';

const never = new AbortController().signal;

test('untilReady() is ready when every probe was ready once', async () => {
  const forgetful = answering(ready, fatal('it must not be asked again'));
  const slow = answering(pending('1'), pending('2'), ready);
  expect(await untilReady([forgetful, slow], { signal: never })).toEqual({ kind: 'ready' });
});

test('untilReady() is ready at once when there is nothing to wait for', async () => {
  expect(await untilReady([], { signal: never })).toEqual({ kind: 'ready' });
});

test('untilReady() gives up at the first fatal answer and names the probe', async () => {
  const hopeless = answering(pending('not yet'), fatal('no vhost'));
  const outcome = await untilReady([silent(), hopeless], { signal: never });
  expect(outcome).toEqual({ kind: 'fatal', probe: hopeless, why: 'no vhost' });
});

test('untilReady() cancels the losers', async () => {
  const loser = silent();
  await untilReady([loser, answering(fatal('over'))], { signal: never });
  expect(loser.seen.map(({ aborted }) => aborted)).toEqual([true]);
});

test('untilReady() asks no loser again', async () => {
  let attempts = 0;
  const loser = probe(async () => {
    attempts += 1;
    return pending('never');
  });
  const waker = new PollWaker();
  await untilReady([loser, answering(pending('not yet'), fatal('over'))], { signal: never, waker });
  const atTheEnd = attempts;
  waker.wake();
  await new Promise(setImmediate);
  expect(attempts).toBe(atTheEnd);
});

test.each(['before', 'during'])('untilReady() is aborted %s the first attempt', async moment => {
  const stop = new AbortController();
  if (moment === 'before') stop.abort();
  const waiting = untilReady([silent(), answering(pending('x'))], { signal: stop.signal });
  stop.abort();
  expect(await waiting).toEqual({ kind: 'aborted' });
});

test('untilReady() is not ready when the last answer came too late', async () => {
  const stop = new AbortController();
  const late = probe(async () => {
    stop.abort();
    return ready;
  });
  expect(await untilReady([late], { signal: stop.signal })).toEqual({ kind: 'aborted' });
});

describe('untilReady() and what only the worker itself could bring about', () => {
  const missing = pending('no table', { isHopelessAlone: true });

  test('gives it up when every other probe is satisfied', async () => {
    const table = answering(missing);
    const outcome = await untilReady([answering(pending('later'), ready), table], { signal: never });
    expect(outcome).toEqual({ kind: 'fatal', probe: table, why: 'no table' });
  });

  test('waits for it when it is there soon', async () => {
    const table = answering(missing, missing, missing, ready);
    expect(await untilReady([answering(ready), table], { signal: never })).toEqual({ kind: 'ready' });
  });

  test.each([
    ['another probe waits', [answering(ready), answering(pending('later'))], false],
    ['it is the only probe', [], false],
    ['another worker starts', [answering(ready)], true],
  ])('goes on while %s', async (_what, others, isOtherStarting) => {
    let attempts = 0;
    const stop = new AbortController();
    const table = probe(async () => {
      attempts += 1;
      if (attempts === 60) stop.abort();
      return missing;
    });
    const options = { signal: stop.signal, isOtherStarting: () => isOtherStarting };
    expect(await untilReady([table, ...others], options)).toEqual({ kind: 'aborted' });
  });
});

test.each([['gentle'], [1_000]] as const)(
  'untilReady() asks a probe whose pace is %s less, be the log as lively as it may',
  async pace => {
    const waker = new PollWaker();
    let asked = 0;
    const seldom = probe(async () => {
      asked += 1;
      return pending('not yet');
    });
    let left = 40;
    const often = probe(async () => {
      left -= 1;
      waker.wake();
      return left > 0 ? pending('not yet') : fatal('over');
    });
    await untilReady([{ ...seldom, pace }, often], { signal: never, waker });
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(10);
  },
);
