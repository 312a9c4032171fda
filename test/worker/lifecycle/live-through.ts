import type { ExitPolicy } from '../../../src/worker/lifecycle/exit-policy.ts';
import type { LifecycleEffect } from '../../../src/worker/lifecycle/lifecycle-effects.ts';
import type { LifecycleEvent } from '../../../src/worker/lifecycle/lifecycle-events.ts';
import { idle, type LifecycleState } from '../../../src/worker/lifecycle/lifecycle-state.ts';
import { transition } from '../../../src/worker/lifecycle/transition.ts';
import { failing } from './life-events.ts';

export const live = liveUnder(failing);

/** The state after the events, and what the last of them caused. */
export function liveUnder(policy: ExitPolicy) {
  return (...events: readonly LifecycleEvent[]) => liveThrough(events, policy);
}

function liveThrough(events: readonly LifecycleEvent[], policy: ExitPolicy) {
  let state: LifecycleState = idle;
  let effects: readonly LifecycleEffect[] = [];
  for (const event of events) ({ state, effects } = transition(state, event, policy));
  return { state, effects, happened: effects.map(({ kind }) => kind).join(' ') };
}
