import type { LifecycleEffect } from './lifecycle-effects.ts';
import type { WorkerExit } from './lifecycle-events.ts';

/** Where a worker is in its life. `launch` counts the starts: an event of an earlier launch changes nothing. */
export type LifecycleState =
  | (Life & { readonly kind: 'idle' })
  | SpawningState
  | RunningState
  | AskingState
  | StoppingState
  | RestartingState
  | (Life & { readonly kind: 'stopped' });

/** What a worker keeps from state to state. */
export interface Life {
  readonly launch: number;
  /** When it was restarted by itself, as far as the limit cares. */
  readonly restartsAtMs: readonly number[];
}

export interface SpawningState extends Life {
  readonly kind: 'spawning';
  /** Set when the end was decided before the process was there. */
  readonly ending: 'asked' | 'killed' | 'timeout' | undefined;
}

export interface RunningState extends Life {
  readonly kind: 'probing' | 'ready';
  readonly exitAsked: boolean;
}

/** It missed its deadline and is asked what it is doing, before it is stopped. */
export interface AskingState extends Life {
  readonly kind: 'asking';
  /** Some runtimes die of the question. */
  readonly leaderGone: boolean;
}

export interface StoppingState extends Life {
  readonly kind: 'stopping';
  /** `polite`: the signal was sent and grace runs. `forced`: SIGKILL is being sent. `reaping`: all is dead, the exit not heard of. */
  readonly phase: 'polite' | 'forced' | 'reaping';
  readonly leaderGone: boolean;
  /** Set when the leader was ready and ended before the polite signal could ask it to, and no test had expected that. */
  readonly diedUnasked: boolean;
  /** How it ran before; undefined when it was not watched by its probes any more. */
  readonly before: Pick<RunningState, 'kind' | 'exitAsked'> | undefined;
  /** The exit that a restart is to follow, once nothing is alive. */
  readonly restartAfter: WorkerExit | undefined;
}

/** The launch before is over; `launch` counts the next one already. */
export interface RestartingState extends Life {
  readonly kind: 'restarting';
}

export interface Transition {
  readonly state: LifecycleState;
  readonly effects: readonly LifecycleEffect[];
}

export const idle: LifecycleState = { kind: 'idle', launch: 0, restartsAtMs: [] };

export function unchanged(state: LifecycleState): Transition {
  return { state, effects: [] };
}

export function lifeOf({ launch, restartsAtMs }: Life): Life {
  return { launch, restartsAtMs };
}

export function nextLaunch({ launch, restartsAtMs }: Life): Life {
  return { launch: launch + 1, restartsAtMs };
}
