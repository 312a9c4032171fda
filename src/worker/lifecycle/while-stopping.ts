import { stopped } from './end-launch.ts';
import type { ExitPolicy } from './exit-policy.ts';
import type { LifecycleEffect } from './lifecycle-effects.ts';
import type { LifecycleEvent, WorkerExit } from './lifecycle-events.ts';
import { lifeOf, nextLaunch, type StoppingState, type Transition, unchanged } from './lifecycle-state.ts';

export function whileStopping(state: StoppingState, event: LifecycleEvent, policy: ExitPolicy): Transition {
  const { phase, leaderGone } = state;
  switch (event.kind) {
    case 'leader-found-dead':
      return { state: { ...state, diedUnasked: wasReady(state) }, effects: [] };
    case 'exited':
      return leaderGone ? unchanged(state) : afterLateExit(state, event.exit, policy);
    case 'tree-gone':
      return phase === 'polite' && leaderGone
        ? stopped(lifeOf(state), 0, [{ kind: 'disarm-grace' }])
        : unchanged(state);
    case 'grace-over':
      return phase === 'polite' ? force(state, []) : unchanged(state);
    case 'stop-asked':
      return { state: { ...state, restartAfter: undefined }, effects: [] };
    case 'kill-asked':
      if (phase === 'polite') return force(state, [{ kind: 'disarm-grace' }]);
      return { state: { ...state, restartAfter: undefined }, effects: [] };
    case 'tree-killed':
      if (phase !== 'forced') return unchanged(state);
      if (leaderGone || event.survivors > 0) return afterKill(state, event.survivors);
      return { state: { ...state, phase: 'reaping' }, effects: [] };
    default:
      return unchanged(state);
  }
}

function wasReady({ before }: StoppingState): boolean {
  return before?.kind === 'ready' && !before.exitAsked;
}

function afterLateExit(state: StoppingState, exit: WorkerExit, policy: ExitPolicy): Transition {
  const reported = reportLateExit(state, exit, policy);
  if (state.phase === 'reaping') return stopped(lifeOf(state), 0, reported);
  return {
    state: { ...state, leaderGone: true },
    effects: state.phase === 'polite' ? [...reported, { kind: 'release-tree' }] : reported,
  };
}

/** An exit that is heard of during the stop; that of a leader which died before it is a death like any other. */
function reportLateExit(
  { diedUnasked }: StoppingState,
  exit: WorkerExit,
  { onExit }: ExitPolicy,
): readonly LifecycleEffect[] {
  const reported: LifecycleEffect = { kind: 'report-exit', exit, asked: !diedUnasked };
  if (!diedUnasked || onExit !== 'fail') return [reported];
  return [reported, { kind: 'report-death', death: { kind: 'failure', exit } }];
}

function force(state: StoppingState, before: readonly LifecycleEffect[]): Transition {
  return { state: { ...state, phase: 'forced' }, effects: [...before, { kind: 'kill-tree' }] };
}

/** Beside what could not be killed nothing is started. */
function afterKill(state: StoppingState, survivors: number): Transition {
  const { restartAfter } = state;
  if (!restartAfter) return stopped(lifeOf(state), survivors, []);
  if (survivors > 0) {
    const death: LifecycleEffect = { kind: 'report-death', death: { exit: restartAfter, kind: 'failure' } };
    return stopped(lifeOf(state), survivors, [death]);
  }
  return {
    state: { kind: 'restarting', ...nextLaunch(state) },
    effects: [
      { kind: 'report-stopped', survivors },
      { kind: 'prepare-restart', after: restartAfter },
    ],
  };
}
