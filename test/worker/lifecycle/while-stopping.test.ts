import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import {
  exited,
  failing,
  foundDead,
  graceOver,
  ignoring,
  kill,
  probesReady,
  restarting,
  spawned,
  start,
  stop,
  treeGone,
  treeKilled,
  treeSurvived,
} from './life-events.ts';
import { live, liveUnder } from './live-through.ts';

const polite = [start, spawned, probesReady, stop];
test.each<[string, LifecycleEvent[], string, string]>([
  ['the leader goes, its heirs are asked', [...polite, exited], 'stopping', 'report-exit release-tree'],
  ['all are gone', [...polite, exited, treeGone], 'stopped', 'disarm-grace report-stopped'],
  ['the heirs outlast the grace', [...polite, exited, graceOver], 'stopping', 'kill-tree'],
  ['and are killed', [...polite, exited, graceOver, treeKilled], 'stopped', 'report-stopped'],
  ['the leader outlasts the grace', [...polite, graceOver], 'stopping', 'kill-tree'],
  ['is killed, but its end not heard of', [...polite, graceOver, treeKilled], 'stopping', ''],
  ['until it is', [...polite, graceOver, treeKilled, exited], 'stopped', 'report-exit report-stopped'],
  ['its end comes before the scan', [...polite, graceOver, exited, treeKilled], 'stopped', 'report-stopped'],
  ['something survives', [...polite, graceOver, treeSurvived], 'stopped', 'report-stopped'],
  ['a kill cuts the grace short', [...polite, kill], 'stopping', 'disarm-grace kill-tree'],
  ['a second stop changes nothing', [...polite, stop], 'stopping', ''],
  ['a tree is not gone before its leader', [...polite, treeGone], 'stopping', ''],
  ['a start must wait', [...polite, start], 'stopping', ''],
])('transition(): while stopping, %s', (_, events, kind, happened) => {
  expect(live(...events)).toMatchObject({ state: { kind }, happened });
});

test('transition() reports the survivors', () => {
  expect(live(start, spawned, kill, treeSurvived).effects).toEqual([
    { kind: 'report-stopped', survivors: 2 },
  ]);
});

test('transition() counts the end of a leader that was dead before the stop as a death, where a death fails', () => {
  const late = [start, spawned, probesReady, stop, foundDead, exited];
  expect(liveUnder(failing)(...late).happened).toBe('report-exit report-death release-tree');
  expect(liveUnder(ignoring)(...late).happened).toBe('report-exit release-tree');
  expect(liveUnder(restarting)(...late).happened).toBe('report-exit release-tree');
});
