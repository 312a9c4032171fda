import type { StartFailure } from '../../diagnose/evidence.ts';
import type { SpentRestarts } from '../../diagnose/explain-restarts.ts';
import type { WorkerExit } from './lifecycle-events.ts';

/** What `transition()` wants done. */
export type LifecycleEffect = LaunchEffect | ReportEffect;

/** Done to the processes of a launch, to its timers and probes, or to get the next launch. */
type LaunchEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'arm-deadline' }
  | { readonly kind: 'disarm-deadline' }
  | { readonly kind: 'start-probes' }
  | { readonly kind: 'cancel-probes' }
  | { readonly kind: 'ask-stacks' }
  | { readonly kind: 'signal-leader' }
  | { readonly kind: 'arm-grace' }
  | { readonly kind: 'disarm-grace' }
  /** The leader has gone politely: the processes it left behind get the signal once and the rest of the grace. */
  | { readonly kind: 'release-tree' }
  | { readonly kind: 'kill-tree' }
  /** Looks everything up anew for a launch that follows an exit by itself. */
  | { readonly kind: 'prepare-restart'; readonly after: WorkerExit }
  | { readonly kind: 'cancel-restart' };

/** Told to those that asked for a start or a stop, and to the test file. */
type ReportEffect =
  | { readonly kind: 'report-ready' }
  | { readonly kind: 'report-failure'; readonly failure: LaunchFailure }
  | { readonly kind: 'report-exit'; readonly exit: WorkerExit; readonly asked: boolean }
  /** An exit that was not asked for, and that is not answered by a restart. */
  | { readonly kind: 'report-death'; readonly death: WorkerDeath }
  | { readonly kind: 'report-stopped'; readonly survivors: number };

/** `refused`: a restart could not even be prepared. */
export type LaunchFailure = StartFailure | { readonly kind: 'refused'; readonly error: unknown };

export type WorkerDeath =
  | { readonly kind: 'failure' | 'ignored'; readonly exit: WorkerExit }
  /** It was restarted as often as it may be. */
  | { readonly kind: 'limit'; readonly exit: WorkerExit; readonly spent: SpentRestarts };

export function failed(failure: LaunchFailure): LifecycleEffect {
  return { kind: 'report-failure', failure };
}
