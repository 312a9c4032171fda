import { killAtOnce, stopPolitely, stopped } from './end-launch.ts';
import { failed } from './lifecycle-effects.ts';
import type { LifecycleEvent } from './lifecycle-events.ts';
import { type Life, lifeOf, type SpawningState, type Transition, unchanged } from './lifecycle-state.ts';

export function whileSpawning(state: SpawningState, event: LifecycleEvent): Transition {
  const life = lifeOf(state);
  const { ending } = state;
  switch (event.kind) {
    case 'spawned':
      if (ending === 'killed') return killAtOnce(life, []);
      if (ending !== undefined) return stopPolitely(life, []);
      return { state: { kind: 'probing', ...life, exitAsked: false }, effects: [{ kind: 'start-probes' }] };
    case 'spawn-failed':
      return stopped(life, 0, [
        { kind: 'disarm-deadline' },
        ...(ending === undefined ? [failed({ kind: 'spawn-failed', error: event.error })] : []),
      ]);
    case 'stop-asked':
      if (ending !== undefined) return unchanged(state);
      return { state: { ...state, ending: 'asked' }, effects: [{ kind: 'disarm-deadline' }] };
    case 'kill-asked':
      return {
        state: { ...state, ending: 'killed' },
        effects: ending === undefined ? [{ kind: 'disarm-deadline' }] : [],
      };
    case 'deadline':
      if (ending !== undefined) return unchanged(state);
      return { state: { ...state, ending: 'timeout' }, effects: [failed({ kind: 'timeout' })] };
    default:
      return unchanged(state);
  }
}

export function beginSpawning(life: Life): Transition {
  return {
    state: { kind: 'spawning', ...life, ending: undefined },
    effects: [{ kind: 'spawn' }, { kind: 'arm-deadline' }],
  };
}
