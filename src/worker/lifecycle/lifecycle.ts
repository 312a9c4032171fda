import { type ExitPolicy, recentRestarts } from './exit-policy.ts';
import type {
  LaunchFailure,
  LifecycleEffect,
  LifecycleEvent,
  WorkerDeath,
  WorkerExit,
} from './lifecycle-events.ts';

/**
 * The life of one worker as a pure function. Whatever has a clock, a process or a socket is an effect, carried out by
 * `WorkerRunner`, which answers with events. `launch` counts the starts: an event of an earlier launch changes nothing.
 */
export type LifecycleState =
  | (Life & { readonly kind: 'idle' })
  /** `ending` is set when the end was decided before the process was there. */
  | (Life & { readonly kind: 'spawning'; readonly ending: Ending | undefined })
  | RunningState
  /** It missed its deadline and is asked what it is doing, before it is stopped. */
  | AskingState
  | StoppingState
  /** The launch before is over; `launch` counts the next one already. */
  | (Life & { readonly kind: 'restarting' })
  | (Life & { readonly kind: 'stopped' });

interface Life {
  readonly launch: number;
  /** When it was restarted by itself, as far as the limit cares. */
  readonly restartsAtMs: readonly number[];
}

interface RunningState extends Life {
  readonly kind: 'probing' | 'ready';
  readonly exitAsked: boolean;
}

interface AskingState extends Life {
  readonly kind: 'asking';
  /** Some runtimes die of the question. */
  readonly leaderGone: boolean;
}

interface StoppingState extends Life {
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

type Ending = 'asked' | 'killed' | 'timeout';

export interface Transition {
  readonly state: LifecycleState;
  readonly effects: readonly LifecycleEffect[];
}

export const idle: LifecycleState = { kind: 'idle', launch: 0, restartsAtMs: [] };

/** An event that means nothing in a state leaves it as it is. */
export function transition(state: LifecycleState, event: LifecycleEvent, policy: ExitPolicy): Transition {
  if ('launch' in event && event.launch !== state.launch) return unchanged(state);
  switch (state.kind) {
    case 'idle':
    case 'stopped':
      return event.kind === 'start-asked' ? spawn(nextLaunch(state)) : unchanged(state);
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

function spawn(life: Life): Transition {
  return {
    state: { kind: 'spawning', ...life, ending: undefined },
    effects: [{ kind: 'spawn' }, { kind: 'arm-deadline' }],
  };
}

function whileSpawning(
  state: LifecycleState & { readonly kind: 'spawning' },
  event: LifecycleEvent,
): Transition {
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

function whileRunning(state: RunningState, event: LifecycleEvent, policy: ExitPolicy): Transition {
  const life = lifeOf(state);
  const { kind, exitAsked } = state;
  switch (event.kind) {
    case 'probes-ready':
      if (kind === 'ready') return unchanged(state);
      return {
        state: { kind: 'ready', ...life, exitAsked },
        effects: [{ kind: 'disarm-deadline' }, { kind: 'report-ready' }],
      };
    case 'probe-fatal':
      if (kind === 'ready') return unchanged(state);
      return stopPolitely(life, [
        ...leave(kind),
        failed({ kind: 'probe-fatal', probe: event.probe, why: event.why }),
      ]);
    case 'deadline':
      if (kind === 'ready') return unchanged(state);
      return {
        state: { kind: 'asking', ...life, leaderGone: false },
        effects: [{ kind: 'cancel-probes' }, { kind: 'ask-stacks' }],
      };
    case 'exited':
      return afterExit(state, event, policy);
    case 'exit-expected':
      return { state: { ...state, exitAsked: true }, effects: [] };
    case 'stop-asked':
      return stopPolitely(life, leave(kind), state);
    case 'kill-asked':
      return killAtOnce(life, leave(kind));
    default:
      return unchanged(state);
  }
}

/** The failure waits for the answer, whoever is still there to hear it. */
function whileAsking(state: AskingState, event: LifecycleEvent): Transition {
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

function leave(kind: RunningState['kind']): readonly LifecycleEffect[] {
  return kind === 'probing' ? [{ kind: 'cancel-probes' }, { kind: 'disarm-deadline' }] : [];
}

/** Whatever it means, what the leader left behind is killed first. */
function afterExit(
  state: RunningState,
  { exit, atMs }: LifecycleEvent & { readonly kind: 'exited' },
  policy: ExitPolicy,
): Transition {
  const { kind, exitAsked } = state;
  const reported: readonly LifecycleEffect[] = [
    ...leave(kind),
    { kind: 'report-exit', exit, asked: exitAsked },
  ];
  if (kind === 'probing') return killRest(lifeOf(state), [...reported, failed({ kind: 'exited', exit })]);
  if (exitAsked) return killRest(lifeOf(state), reported);
  const dead = (death: WorkerDeath) =>
    killRest(lifeOf(state), [...reported, { kind: 'report-death', death }]);
  if (policy.onExit === 'fail') return dead({ kind: 'failure', exit });
  if (policy.onExit === 'ignore') return dead({ kind: 'ignored', exit });
  const recent = recentRestarts(state.restartsAtMs, atMs, policy.restartLimit);
  const spent = { count: recent.length, tookMs: atMs - (recent[0] ?? atMs) };
  if (spent.count >= policy.restartLimit.count) return dead({ kind: 'limit', exit, spent });
  return killRest({ ...lifeOf(state), restartsAtMs: [...recent, atMs] }, reported, exit);
}

function whileStopping(state: StoppingState, event: LifecycleEvent, policy: ExitPolicy): Transition {
  const life = lifeOf(state);
  const { phase, leaderGone, before } = state;
  switch (event.kind) {
    case 'leader-found-dead': {
      const diedUnasked = before?.kind === 'ready' && !before.exitAsked;
      return { state: { ...state, diedUnasked }, effects: [] };
    }
    case 'exited': {
      if (leaderGone) return unchanged(state);
      const reported = reportLateExit(state, event.exit, policy);
      if (phase === 'reaping') return stopped(life, 0, reported);
      return {
        state: { ...state, leaderGone: true },
        effects: phase === 'polite' ? [...reported, { kind: 'release-tree' }] : reported,
      };
    }
    case 'tree-gone':
      return phase === 'polite' && leaderGone
        ? stopped(life, 0, [{ kind: 'disarm-grace' }])
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

function whileRestarting(
  state: LifecycleState & { readonly kind: 'restarting' },
  event: LifecycleEvent,
): Transition {
  const life = lifeOf(state);
  switch (event.kind) {
    case 'restart-prepared':
      return spawn(life);
    case 'restart-refused':
      return stopped(life, 0, [failed({ kind: 'refused', error: event.error })]);
    case 'stop-asked':
    case 'kill-asked':
      return stopped(life, 0, [{ kind: 'cancel-restart' }]);
    default:
      return unchanged(state);
  }
}

function stopPolitely(life: Life, effects: readonly LifecycleEffect[], before?: RunningState): Transition {
  return {
    state: { ...stopping(life, 'polite'), before },
    effects: [...effects, { kind: 'signal-leader' }, { kind: 'arm-grace' }],
  };
}

function killAtOnce(life: Life, effects: readonly LifecycleEffect[]): Transition {
  return { state: stopping(life, 'forced'), effects: [...effects, { kind: 'kill-tree' }] };
}

function killRest(
  life: Life,
  effects: readonly LifecycleEffect[],
  restartAfter?: WorkerExit | undefined,
): Transition {
  return {
    state: { ...stopping(life, 'forced'), leaderGone: true, restartAfter },
    effects: [...effects, { kind: 'kill-tree' }],
  };
}

function stopping(life: Life, phase: StoppingState['phase']): StoppingState {
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

function force(state: StoppingState, before: readonly LifecycleEffect[]): Transition {
  return { state: { ...state, phase: 'forced' }, effects: [...before, { kind: 'kill-tree' }] };
}

function stopped(life: Life, survivors: number, before: readonly LifecycleEffect[]): Transition {
  return { state: { kind: 'stopped', ...life }, effects: [...before, { kind: 'report-stopped', survivors }] };
}

function failed(failure: LaunchFailure): LifecycleEffect {
  return { kind: 'report-failure', failure };
}

function lifeOf({ launch, restartsAtMs }: Life): Life {
  return { launch, restartsAtMs };
}

function nextLaunch({ launch, restartsAtMs }: Life): Life {
  return { launch: launch + 1, restartsAtMs };
}

function unchanged(state: LifecycleState): Transition {
  return { state, effects: [] };
}
