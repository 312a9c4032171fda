import type { ExitPolicy } from './exit-policy.ts';
import type { LifecycleEvent } from './lifecycle-events.ts';
import { type LifecycleState, nextLaunch, type Transition, unchanged } from './lifecycle-state.ts';
import { whileAsking } from './while-asking.ts';
import { whileRestarting } from './while-restarting.ts';
import { whileRunning } from './while-running.ts';
import { beginSpawning, whileSpawning } from './while-spawning.ts';
import { whileStopping } from './while-stopping.ts';

/**
 * The life of one worker as a pure function. What has a clock, a process or a socket is an effect, carried out by
 * `WorkerRunner`, which answers with events. An event that means nothing in a state leaves it as it is.
 */
export function transition(state: LifecycleState, event: LifecycleEvent, policy: ExitPolicy): Transition {
  if ('launch' in event && event.launch !== state.launch) return unchanged(state);
  switch (state.kind) {
    case 'idle':
    case 'stopped':
      return event.kind === 'start-asked' ? beginSpawning(nextLaunch(state)) : unchanged(state);
    case 'spawning':
      return whileSpawning(state, event);
    case 'probing':
    case 'ready':
      return whileRunning(state, event, policy);
    case 'asking':
      return whileAsking(state, event);
    case 'stopping':
      return whileStopping(state, event, policy);
    case 'restarting':
      return whileRestarting(state, event);
    default:
      return state satisfies never;
  }
}
