import { stopped } from './end-launch.ts';
import { failed } from './lifecycle-effects.ts';
import type { LifecycleEvent } from './lifecycle-events.ts';
import { lifeOf, type RestartingState, type Transition, unchanged } from './lifecycle-state.ts';
import { beginSpawning } from './while-spawning.ts';

export function whileRestarting(state: RestartingState, event: LifecycleEvent): Transition {
  const life = lifeOf(state);
  switch (event.kind) {
    case 'restart-prepared':
      return beginSpawning(life);
    case 'restart-refused':
      return stopped(life, 0, [failed({ kind: 'refused', error: event.error })]);
    case 'stop-asked':
    case 'kill-asked':
      return stopped(life, 0, [{ kind: 'cancel-restart' }]);
    default:
      return unchanged(state);
  }
}
