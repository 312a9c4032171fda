import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEffect } from '../../../src/worker/lifecycle/lifecycle-effects.ts';
import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../../../src/worker/lifecycle/lifecycle-state.ts';
import { transition } from '../../../src/worker/lifecycle/transition.ts';

const launch = 1;
const exit = { code: 3, signal: null };
const start: LifecycleEvent = { kind: 'start-asked' };
const stop: LifecycleEvent = { kind: 'stop-asked' };
const kill: LifecycleEvent = { kind: 'kill-asked' };
const signalled: LifecycleEvent = { kind: 'exit-expected' };
const spawned: LifecycleEvent = { kind: 'spawned', launch };
const refused: LifecycleEvent = { kind: 'spawn-failed', launch, error: 'EAGAIN' };
const probesReady: LifecycleEvent = { kind: 'probes-ready', launch };
const probeFatal: LifecycleEvent = { kind: 'probe-fatal', launch, probe: 'queue', why: 'no vhost' };
const deadline: LifecycleEvent = { kind: 'deadline', launch };
const exited: LifecycleEvent = { kind: 'exited', launch, exit, atMs: 0 };
const stacksTold: LifecycleEvent = { kind: 'stacks-told', launch };
const foundDead: LifecycleEvent = { kind: 'leader-found-dead', launch };
const graceOver: LifecycleEvent = { kind: 'grace-over', launch };
const treeGone: LifecycleEvent = { kind: 'tree-gone', launch };
const treeKilled: LifecycleEvent = { kind: 'tree-killed', launch, survivors: 0 };
const treeSurvived: LifecycleEvent = { kind: 'tree-killed', launch, survivors: 2 };

const restartLimit = { count: 2, withinMs: 1_000 };
const failing: ExitPolicy = { onExit: 'fail', restartLimit };
const restarting: ExitPolicy = { onExit: 'restart', restartLimit };
const ignoring: ExitPolicy = { onExit: 'ignore', restartLimit };

const live = liveUnder(failing);

/** The state after the events, and what the last of them caused. */
function liveUnder(policy: ExitPolicy) {
  return (...events: readonly LifecycleEvent[]) => liveThrough(events, policy);
}

function liveThrough(events: readonly LifecycleEvent[], policy: ExitPolicy) {
  let state: LifecycleState = idle;
  let effects: readonly LifecycleEffect[] = [];
  for (const event of events) ({ state, effects } = transition(state, event, policy));
  return { state, effects, happened: effects.map(({ kind }) => kind).join(' ') };
}

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

const leave = 'cancel-probes disarm-deadline';
test.each<[string, LifecycleEvent[], string]>([
  ['fatal', [probeFatal], `${leave} report-failure signal-leader arm-grace`],
  ['an answered question', [deadline, stacksTold], 'report-failure signal-leader arm-grace'],
  ['an answer whoever gave it did not survive', [deadline, exited, stacksTold], 'report-failure kill-tree'],
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

test('transition() reports the survivors', () => {
  expect(live(start, spawned, kill, treeSurvived).effects).toEqual([
    { kind: 'report-stopped', survivors: 2 },
  ]);
});

test('transition() ignores the events of an earlier launch', () => {
  const second = [start, refused, start];
  for (const late of [spawned, refused, probesReady, deadline, exited, graceOver, treeGone, treeKilled]) {
    expect(live(...second, late)).toMatchObject({ state: { kind: 'spawning', launch: 2 }, happened: '' });
  }
});

test('transition() asks what a late worker is doing before it is stopped', () => {
  expect(live(start, spawned, deadline)).toMatchObject({
    state: { kind: 'asking' },
    happened: 'cancel-probes ask-stacks',
  });
  const exitedMeanwhile = live(start, spawned, deadline, exited);
  expect(exitedMeanwhile).toMatchObject({ state: { kind: 'asking' }, happened: 'report-exit' });
  expect(live(start, spawned, deadline, exited, exited)).toMatchObject({ happened: '' });
});

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

test('transition() says how an exit counts that nobody asked for', () => {
  const deathUnder = (policy: ExitPolicy, events: readonly LifecycleEvent[]) =>
    liveUnder(policy)(...events).effects.find(({ kind }) => kind === 'report-death');
  expect(deathUnder(failing, crash)).toMatchObject({ death: { kind: 'failure', exit } });
  expect(deathUnder(ignoring, crash)).toMatchObject({ death: { kind: 'ignored', exit } });
  expect(deathUnder(restarting, [...restartTwice, ...lifeOf(3, 900)])).toMatchObject({
    death: { kind: 'limit', exit, spent: { count: 2, tookMs: 900 } },
  });
});

test('transition() counts the end of a leader that was dead before the stop as a death, where a death fails', () => {
  const late = [start, spawned, probesReady, stop, foundDead, exited];
  expect(liveUnder(failing)(...late).happened).toBe('report-exit report-death release-tree');
  expect(liveUnder(ignoring)(...late).happened).toBe('report-exit release-tree');
  expect(liveUnder(restarting)(...late).happened).toBe('report-exit release-tree');
});

test('transition() lets nothing happen before a start', () => {
  for (const event of [stop, kill, signalled])
    expect(live(event)).toMatchObject({ state: idle, happened: '' });
});
