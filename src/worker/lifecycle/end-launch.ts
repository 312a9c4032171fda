import type { LifecycleEffect } from './lifecycle-effects.ts';
import type { WorkerExit } from './lifecycle-events.ts';
import type { Life, RunningState, StoppingState, Transition } from './lifecycle-state.ts';

export function stopPolitely(
  life: Life,
  effects: readonly LifecycleEffect[],
  before?: RunningState,
): Transition {
  return {
    state: { ...stopping(life, 'polite'), before },
    effects: [...effects, { kind: 'signal-leader' }, { kind: 'arm-grace' }],
  };
}

export function killAtOnce(life: Life, effects: readonly LifecycleEffect[]): Transition {
  return { state: stopping(life, 'forced'), effects: [...effects, { kind: 'kill-tree' }] };
}

/** Kills what the leader left behind. */
export function killRest(
  life: Life,
  effects: readonly LifecycleEffect[],
  restartAfter?: WorkerExit,
): Transition {
  return {
    state: { ...stopping(life, 'forced'), leaderGone: true, restartAfter },
    effects: [...effects, { kind: 'kill-tree' }],
  };
}

export function stopped(life: Life, survivors: number, before: readonly LifecycleEffect[]): Transition {
  return { state: { kind: 'stopped', ...life }, effects: [...before, { kind: 'report-stopped', survivors }] };
}

export function stopping(life: Life, phase: StoppingState['phase']): StoppingState {
  return {
    kind: 'stopping',
    ...life,
    phase,
    leaderGone: false,
    diedUnasked: false,
    before: undefined,
    restartAfter: undefined,
  };
}
