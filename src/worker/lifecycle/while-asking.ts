import { killAtOnce, killRest, stopPolitely } from './end-launch.ts';
import { failed } from './lifecycle-effects.ts';
import type { LifecycleEvent } from './lifecycle-events.ts';
import { type AskingState, lifeOf, type Transition, unchanged } from './lifecycle-state.ts';

/** The failure waits for the answer, also when the leader ended meanwhile. */
export function whileAsking(state: AskingState, event: LifecycleEvent): Transition {
  const life = lifeOf(state);
  const late = failed({ kind: 'timeout' });
  switch (event.kind) {
    case 'stacks-told':
    case 'stop-asked':
      return state.leaderGone ? killRest(life, [late]) : stopPolitely(life, [late]);
    case 'kill-asked':
      return state.leaderGone ? killRest(life, [late]) : killAtOnce(life, [late]);
    case 'exited':
      if (state.leaderGone) return unchanged(state);
      return {
        state: { ...state, leaderGone: true },
        effects: [{ kind: 'report-exit', exit: event.exit, asked: true }],
      };
    default:
      return unchanged(state);
  }
}
