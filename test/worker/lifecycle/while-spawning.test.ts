import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import { deadline, kill, probesReady, refused, spawned, start, stop } from './life-events.ts';
import { live } from './live-through.ts';

test.each<[string, LifecycleEvent[], string, string]>([
  ['a start spawns under a deadline', [start], 'spawning', 'spawn arm-deadline'],
  ['a process is probed', [start, spawned], 'probing', 'start-probes'],
  ['probes make it ready', [start, spawned, probesReady], 'ready', 'disarm-deadline report-ready'],
  ['a refused spawn ends it', [start, refused], 'stopped', 'disarm-deadline report-failure report-stopped'],
  ['a stop during the spawn waits for the process', [start, stop], 'spawning', 'disarm-deadline'],
  ['and then asks it to go', [start, stop, spawned], 'stopping', 'signal-leader arm-grace'],
  ['or is over with it', [start, stop, refused], 'stopped', 'disarm-deadline report-stopped'],
  ['a kill during the spawn waits as well', [start, kill], 'spawning', 'disarm-deadline'],
  ['and then wastes no grace', [start, kill, spawned], 'stopping', 'kill-tree'],
  ['nor after a stop', [start, stop, kill, spawned], 'stopping', 'kill-tree'],
  ['nor after the deadline', [start, deadline, kill, spawned], 'stopping', 'kill-tree'],
  ['a spawn may be too late', [start, deadline], 'spawning', 'report-failure'],
  ['and what comes late is stopped', [start, deadline, spawned], 'stopping', 'signal-leader arm-grace'],
  [
    'a late refusal is no second failure',
    [start, deadline, refused],
    'stopped',
    'disarm-deadline report-stopped',
  ],
])('transition(): while spawning, %s', (_, events, kind, happened) => {
  expect(live(...events)).toMatchObject({ state: { kind }, happened });
});
