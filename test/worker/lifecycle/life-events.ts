import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';

/** The events of a first launch. */
export const launch = 1;
export const exit = { code: 3, signal: null };
export const start: LifecycleEvent = { kind: 'start-asked' };
export const stop: LifecycleEvent = { kind: 'stop-asked' };
export const kill: LifecycleEvent = { kind: 'kill-asked' };
export const signalled: LifecycleEvent = { kind: 'exit-expected' };
export const spawned: LifecycleEvent = { kind: 'spawned', launch };
export const refused: LifecycleEvent = { kind: 'spawn-failed', launch, error: 'EAGAIN' };
export const probesReady: LifecycleEvent = { kind: 'probes-ready', launch };
export const probeFatal: LifecycleEvent = { kind: 'probe-fatal', launch, probe: 'queue', why: 'no vhost' };
export const deadline: LifecycleEvent = { kind: 'deadline', launch };
export const exited: LifecycleEvent = { kind: 'exited', launch, exit, atMs: 0 };
export const stacksTold: LifecycleEvent = { kind: 'stacks-told', launch };
export const foundDead: LifecycleEvent = { kind: 'leader-found-dead', launch };
export const graceOver: LifecycleEvent = { kind: 'grace-over', launch };
export const treeGone: LifecycleEvent = { kind: 'tree-gone', launch };
export const treeKilled: LifecycleEvent = { kind: 'tree-killed', launch, survivors: 0 };
export const treeSurvived: LifecycleEvent = { kind: 'tree-killed', launch, survivors: 2 };

const restartLimit = { count: 2, withinMs: 1_000 };
export const failing: ExitPolicy = { onExit: 'fail', restartLimit };
export const restarting: ExitPolicy = { onExit: 'restart', restartLimit };
export const ignoring: ExitPolicy = { onExit: 'ignore', restartLimit };
