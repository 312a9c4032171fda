import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import {
  exit,
  exited,
  failing,
  ignoring,
  kill,
  probesReady,
  restarting,
  signalled,
  spawned,
  start,
  stop,
  treeKilled,
  treeSurvived,
} from './life-events.ts';
import { liveUnder } from './live-through.ts';

/** A launch that became ready and exited then. */
const lifeOf = (number: number, atMs: number): LifecycleEvent[] => [
  { kind: 'spawned', launch: number },
  { kind: 'probes-ready', launch: number },
  { kind: 'exited', launch: number, exit, atMs },
];
const killed = (number: number): LifecycleEvent => ({ kind: 'tree-killed', launch: number, survivors: 0 });
const prepared = (number: number): LifecycleEvent => ({ kind: 'restart-prepared', launch: number });
const crash = [start, ...lifeOf(1, 0)];
const restartOnce = [...crash, killed(1), prepared(2)];
const restartTwice = [...restartOnce, ...lifeOf(2, 500), killed(2), prepared(3)];

test.each<[string, LifecycleEvent[], string, string]>([
  ['an exit kills what is left first', crash, 'stopping', 'report-exit kill-tree'],
  ['then a launch is prepared', [...crash, killed(1)], 'restarting', 'report-stopped prepare-restart'],
  ['and spawned', restartOnce, 'spawning', 'spawn arm-deadline'],
  [
    'what cannot be prepared has failed',
    [...crash, killed(1), { kind: 'restart-refused', launch: 2, error: 'no broker' }],
    'stopped',
    'report-failure report-stopped',
  ],
  [
    'what exits before it is ready has failed',
    [...restartOnce, { kind: 'spawned', launch: 2 }, { kind: 'exited', launch: 2, exit, atMs: 1 }],
    'stopping',
    'cancel-probes disarm-deadline report-exit report-failure kill-tree',
  ],
  [
    'beside a survivor nothing is started',
    [...crash, treeSurvived],
    'stopped',
    'report-death report-stopped',
  ],
  ['a stop comes before the restart', [...crash, stop, killed(1)], 'stopped', 'report-stopped'],
  ['a kill as well', [...crash, kill, killed(1)], 'stopped', 'report-stopped'],
  ['a stop cancels it', [...crash, killed(1), stop], 'stopped', 'cancel-restart report-stopped'],
  ['and what was prepared is late', [...crash, killed(1), stop, prepared(2)], 'stopped', ''],
  [
    'the limit ends it',
    [...restartTwice, ...lifeOf(3, 900)],
    'stopping',
    'report-exit report-death kill-tree',
  ],
  ['time heals', [...restartTwice, ...lifeOf(3, 1_000)], 'stopping', 'report-exit kill-tree'],
  [
    'an exit asked for is none',
    [start, spawned, probesReady, signalled, exited, treeKilled],
    'stopped',
    'report-stopped',
  ],
])('transition(): with restarts, %s', (_, events, kind, happened) => {
  expect(liveUnder(restarting)(...events)).toMatchObject({ state: { kind }, happened });
});

test('transition() says how an exit counts that was not asked for', () => {
  const deathUnder = (policy: ExitPolicy, events: readonly LifecycleEvent[]) =>
    liveUnder(policy)(...events).effects.find(({ kind }) => kind === 'report-death');
  expect(deathUnder(failing, crash)).toMatchObject({ death: { kind: 'failure', exit } });
  expect(deathUnder(ignoring, crash)).toMatchObject({ death: { kind: 'ignored', exit } });
  expect(deathUnder(restarting, [...restartTwice, ...lifeOf(3, 900)])).toMatchObject({
    death: { kind: 'limit', exit, spent: { count: 2, tookMs: 900 } },
  });
});
