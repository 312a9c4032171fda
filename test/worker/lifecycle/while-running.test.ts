import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import {
  deadline,
  exit,
  exited,
  foundDead,
  graceOver,
  kill,
  probeFatal,
  probesReady,
  signalled,
  spawned,
  stacksTold,
  start,
  stop,
  treeKilled,
} from './life-events.ts';
import { live } from './live-through.ts';

const leave = 'cancel-probes disarm-deadline';
test.each<[string, LifecycleEvent[], string]>([
  ['fatal', [probeFatal], `${leave} report-failure signal-leader arm-grace`],
  ['an answered question', [deadline, stacksTold], 'report-failure signal-leader arm-grace'],
  ['an answer that its leader did not survive', [deadline, exited, stacksTold], 'report-failure kill-tree'],
  ['a stop after an exit during the question', [deadline, exited, stop], 'report-failure kill-tree'],
  ['a kill after an exit during the question', [deadline, exited, kill], 'report-failure kill-tree'],
  ['a stop during the question', [deadline, stop], 'report-failure signal-leader arm-grace'],
  ['a kill during the question', [deadline, kill], 'report-failure kill-tree'],
  ['an exit', [exited], `${leave} report-exit report-failure kill-tree`],
  ['a stop', [stop], `${leave} signal-leader arm-grace`],
  ['a kill', [kill], `${leave} kill-tree`],
])('transition(): %s ends the probing', (_, events, happened) => {
  expect(live(start, spawned, ...events)).toMatchObject({ state: { kind: 'stopping' }, happened });
});

test.each<[string, LifecycleEvent[], string]>([
  ['an exit kills what is left', [exited], 'report-exit report-death kill-tree'],
  ['a stop is polite', [stop], 'signal-leader arm-grace'],
  ['a kill is not', [kill], 'kill-tree'],
  ['the deadline is over', [deadline], ''],
  ['probes have nothing to say any more', [probesReady], ''],
])('transition(): when ready, %s', (_, events, happened) => {
  expect(live(start, spawned, probesReady, ...events).happened).toBe(happened);
});

test('transition() tells an exit that was asked for from one that was not', () => {
  const exitAfter = (...events: LifecycleEvent[]) =>
    live(start, spawned, ...events, exited).effects.find(effect => effect.kind === 'report-exit');
  expect(exitAfter(probesReady)).toMatchObject({ exit, asked: false });
  expect(exitAfter(probesReady, signalled)).toMatchObject({ asked: true });
  expect(exitAfter(signalled, probesReady)).toMatchObject({ asked: true });
  expect(exitAfter(probesReady, stop)).toMatchObject({ asked: true });
  expect(exitAfter(probesReady, stop, foundDead)).toMatchObject({ asked: false });
  expect(exitAfter(probesReady, stop, foundDead, graceOver, treeKilled)).toMatchObject({ asked: false });
  expect(exitAfter(probesReady, signalled, stop, foundDead)).toMatchObject({ asked: true });
  expect(exitAfter(stop, foundDead)).toMatchObject({ asked: true });
});
