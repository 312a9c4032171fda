import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import { idle } from '../../../src/worker/lifecycle/lifecycle-state.ts';
import {
  deadline,
  exit,
  exited,
  graceOver,
  kill,
  probeFatal,
  probesReady,
  refused,
  signalled,
  spawned,
  stacksTold,
  start,
  stop,
  treeGone,
  treeKilled,
} from './life-events.ts';
import { live } from './live-through.ts';

test('transition() reports what each failure was', () => {
  const failureAfter = (...events: LifecycleEvent[]) =>
    live(start, ...events).effects.find(effect => effect.kind === 'report-failure');
  expect(failureAfter(refused)).toMatchObject({ failure: { kind: 'spawn-failed', error: 'EAGAIN' } });
  expect(failureAfter(deadline)).toMatchObject({ failure: { kind: 'timeout' } });
  expect(failureAfter(spawned, deadline, stacksTold)).toMatchObject({ failure: { kind: 'timeout' } });
  expect(failureAfter(spawned, exited)).toMatchObject({ failure: { kind: 'exited', exit } });
  expect(failureAfter(spawned, probeFatal)).toMatchObject({
    failure: { kind: 'probe-fatal', probe: 'queue', why: 'no vhost' },
  });
});

test('transition() ignores the events of an earlier launch', () => {
  const second = [start, refused, start];
  for (const late of [spawned, refused, probesReady, deadline, exited, graceOver, treeGone, treeKilled]) {
    expect(live(...second, late)).toMatchObject({ state: { kind: 'spawning', launch: 2 }, happened: '' });
  }
});

test('transition() lets nothing happen before a start', () => {
  for (const event of [stop, kill, signalled])
    expect(live(event)).toMatchObject({ state: idle, happened: '' });
});
