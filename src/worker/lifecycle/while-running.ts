import { killAtOnce, killRest, stopPolitely } from './end-launch.ts';
import { type ExitPolicy, recentRestarts } from './exit-policy.ts';
import { failed, type LifecycleEffect, type WorkerDeath } from './lifecycle-effects.ts';
import type { LifecycleEvent } from './lifecycle-events.ts';
import { lifeOf, type RunningState, type Transition, unchanged } from './lifecycle-state.ts';

/** While its probes are asked, and when they were satisfied. */
export function whileRunning(state: RunningState, event: LifecycleEvent, policy: ExitPolicy): Transition {
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

function leave(kind: RunningState['kind']): readonly LifecycleEffect[] {
  return kind === 'probing' ? [{ kind: 'cancel-probes' }, { kind: 'disarm-deadline' }] : [];
}

/** What the leader left behind is killed first, however the exit counts. */
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
