import type { StartFailure } from '../diagnose/evidence.ts';
import type { WorkerExit } from './contract.ts';

/**
 * The life of one worker as a pure function. Whatever has a clock, a process or a socket is an effect, carried out by
 * `WorkerRunner`, which answers with events. `launch` counts the starts: an event of an earlier launch changes nothing.
 */
export type LifecycleState =
  | { readonly kind: 'idle'; readonly launch: 0 }
  /** `ending` is set when the end was decided before the process was there. */
  | { readonly kind: 'spawning'; readonly launch: number; readonly ending: Ending | undefined }
  | { readonly kind: 'probing'; readonly launch: number; readonly exitAsked: boolean }
  | { readonly kind: 'ready'; readonly launch: number; readonly exitAsked: boolean }
  | StoppingState
  | { readonly kind: 'stopped'; readonly launch: number };

interface StoppingState {
  readonly kind: 'stopping';
  readonly launch: number;
  /** `polite`: the signal was sent and grace runs. `forced`: SIGKILL is being sent. `reaping`: all is dead, the exit not heard of. */
  readonly phase: 'polite' | 'forced' | 'reaping';
  readonly leaderGone: boolean;
}

type Ending = 'asked' | 'killed' | 'timeout';

export type LifecycleEvent =
  | { readonly kind: 'start-asked' }
  | { readonly kind: 'stop-asked' }
  /** Somebody is in a hurry: skip the grace. */
  | { readonly kind: 'kill-asked' }
  /** A test sent a signal itself: an exit is no surprise from now on. */
  | { readonly kind: 'exit-expected' }
  | { readonly kind: 'spawned'; readonly launch: number }
  | { readonly kind: 'spawn-failed'; readonly launch: number; readonly error: unknown }
  | { readonly kind: 'probes-ready'; readonly launch: number }
  | { readonly kind: 'probe-fatal'; readonly launch: number; readonly probe: string; readonly why: string }
  | { readonly kind: 'deadline'; readonly launch: number }
  | { readonly kind: 'exited'; readonly launch: number; readonly exit: WorkerExit }
  | { readonly kind: 'grace-over'; readonly launch: number }
  /** After the leader's polite end nothing of its tree is left. */
  | { readonly kind: 'tree-gone'; readonly launch: number }
  /** SIGKILL has done what it can; `survivors` are what it could not. */
  | { readonly kind: 'tree-killed'; readonly launch: number; readonly survivors: number };

export type LifecycleEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'arm-deadline' }
  | { readonly kind: 'disarm-deadline' }
  | { readonly kind: 'start-probes' }
  | { readonly kind: 'cancel-probes' }
  | { readonly kind: 'signal-leader' }
  | { readonly kind: 'arm-grace' }
  | { readonly kind: 'disarm-grace' }
  /** The leader has gone politely: whoever it left behind gets the signal once and the rest of the grace. */
  | { readonly kind: 'release-tree' }
  | { readonly kind: 'kill-tree' }
  | { readonly kind: 'report-ready' }
  | { readonly kind: 'report-failure'; readonly failure: StartFailure }
  | { readonly kind: 'report-exit'; readonly exit: WorkerExit; readonly asked: boolean }
  | { readonly kind: 'report-stopped'; readonly survivors: number };

export interface Transition {
  readonly state: LifecycleState;
  readonly effects: readonly LifecycleEffect[];
}

export const idle: LifecycleState = { kind: 'idle', launch: 0 };

/** An event that means nothing in a state leaves it as it is. */
export function transition(state: LifecycleState, event: LifecycleEvent): Transition {
  if ('launch' in event && event.launch !== state.launch) return unchanged(state);
  switch (state.kind) {
    case 'idle':
    case 'stopped':
      return event.kind === 'start-asked' ? spawn(state.launch + 1) : unchanged(state);
    case 'spawning':
      return whileSpawning(state, event);
    case 'probing':
    case 'ready':
      return whileRunning(state, event);
    case 'stopping':
      return whileStopping(state, event);
    default:
      return state satisfies never;
  }
}

function spawn(launch: number): Transition {
  return {
    state: { kind: 'spawning', launch, ending: undefined },
    effects: [{ kind: 'spawn' }, { kind: 'arm-deadline' }],
  };
}

function whileSpawning(
  state: LifecycleState & { readonly kind: 'spawning' },
  event: LifecycleEvent,
): Transition {
  const { launch, ending } = state;
  switch (event.kind) {
    case 'spawned':
      if (ending === 'killed') return killAtOnce(launch, []);
      if (ending !== undefined) return stopPolitely(launch, []);
      return { state: { kind: 'probing', launch, exitAsked: false }, effects: [{ kind: 'start-probes' }] };
    case 'spawn-failed':
      return {
        state: { kind: 'stopped', launch },
        effects: [
          { kind: 'disarm-deadline' },
          ...(ending === undefined ? [failed({ kind: 'spawn-failed', error: event.error })] : []),
          { kind: 'report-stopped', survivors: 0 },
        ],
      };
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

function whileRunning(
  state: LifecycleState & { readonly kind: 'probing' | 'ready' },
  event: LifecycleEvent,
): Transition {
  const { launch, kind, exitAsked } = state;
  const leaveProbing: readonly LifecycleEffect[] =
    kind === 'probing' ? [{ kind: 'cancel-probes' }, { kind: 'disarm-deadline' }] : [];
  switch (event.kind) {
    case 'probes-ready':
      if (kind === 'ready') return unchanged(state);
      return {
        state: { kind: 'ready', launch, exitAsked },
        effects: [{ kind: 'disarm-deadline' }, { kind: 'report-ready' }],
      };
    case 'probe-fatal':
      if (kind === 'ready') return unchanged(state);
      return stopPolitely(launch, [
        ...leaveProbing,
        failed({ kind: 'probe-fatal', probe: event.probe, why: event.why }),
      ]);
    case 'deadline':
      if (kind === 'ready') return unchanged(state);
      return stopPolitely(launch, [{ kind: 'cancel-probes' }, failed({ kind: 'timeout' })]);
    case 'exited':
      return {
        state: { kind: 'stopping', launch, phase: 'forced', leaderGone: true },
        effects: [
          ...leaveProbing,
          { kind: 'report-exit', exit: event.exit, asked: exitAsked },
          ...(kind === 'probing' ? [failed({ kind: 'exited', exit: event.exit })] : []),
          { kind: 'kill-tree' },
        ],
      };
    case 'exit-expected':
      return { state: { ...state, exitAsked: true }, effects: [] };
    case 'stop-asked':
      return stopPolitely(launch, leaveProbing);
    case 'kill-asked':
      return killAtOnce(launch, leaveProbing);
    default:
      return unchanged(state);
  }
}

function whileStopping(state: StoppingState, event: LifecycleEvent): Transition {
  const { launch, phase, leaderGone } = state;
  switch (event.kind) {
    case 'exited': {
      if (leaderGone) return unchanged(state);
      const exit: LifecycleEffect = { kind: 'report-exit', exit: event.exit, asked: true };
      if (phase === 'reaping') return stopped(launch, 0, [exit]);
      return {
        state: { ...state, leaderGone: true },
        effects: phase === 'polite' ? [exit, { kind: 'release-tree' }] : [exit],
      };
    }
    case 'tree-gone':
      return phase === 'polite' && leaderGone
        ? stopped(launch, 0, [{ kind: 'disarm-grace' }])
        : unchanged(state);
    case 'grace-over':
      return phase === 'polite' ? force(state, []) : unchanged(state);
    case 'kill-asked':
      return phase === 'polite' ? force(state, [{ kind: 'disarm-grace' }]) : unchanged(state);
    case 'tree-killed':
      if (phase !== 'forced') return unchanged(state);
      if (leaderGone || event.survivors > 0) return stopped(launch, event.survivors, []);
      return { state: { ...state, phase: 'reaping' }, effects: [] };
    default:
      return unchanged(state);
  }
}

function stopPolitely(launch: number, before: readonly LifecycleEffect[]): Transition {
  return {
    state: { kind: 'stopping', launch, phase: 'polite', leaderGone: false },
    effects: [...before, { kind: 'signal-leader' }, { kind: 'arm-grace' }],
  };
}

function killAtOnce(launch: number, before: readonly LifecycleEffect[]): Transition {
  return {
    state: { kind: 'stopping', launch, phase: 'forced', leaderGone: false },
    effects: [...before, { kind: 'kill-tree' }],
  };
}

function force(state: StoppingState, before: readonly LifecycleEffect[]): Transition {
  return { state: { ...state, phase: 'forced' }, effects: [...before, { kind: 'kill-tree' }] };
}

function stopped(launch: number, survivors: number, before: readonly LifecycleEffect[]): Transition {
  return { state: { kind: 'stopped', launch }, effects: [...before, { kind: 'report-stopped', survivors }] };
}

function failed(failure: StartFailure): LifecycleEffect {
  return { kind: 'report-failure', failure };
}

function unchanged(state: LifecycleState): Transition {
  return { state, effects: [] };
}
