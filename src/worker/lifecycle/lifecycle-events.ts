import type { StartFailure } from '../../diagnose/evidence.ts';
import type { SpentRestarts } from '../../diagnose/explain-restarts.ts';
import type { ProcessExit as WorkerExit } from '../../process/running-worker.ts';

export type { WorkerExit };

/** What `lifecycle` is told. */
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
  /** What its runtime has to say is known, or it does not say anything in time. */
  | { readonly kind: 'stacks-told'; readonly launch: number }
  /** `atMs` is of a clock that only goes on. */
  | { readonly kind: 'exited'; readonly launch: number; readonly exit: WorkerExit; readonly atMs: number }
  /** The polite signal found nobody to take it: the leader ended before, and its exit was not heard of yet. */
  | { readonly kind: 'leader-found-dead'; readonly launch: number }
  | { readonly kind: 'grace-over'; readonly launch: number }
  /** After the leader's polite end nothing of its tree is left. */
  | { readonly kind: 'tree-gone'; readonly launch: number }
  /** SIGKILL has done what it can; `survivors` are what it could not. */
  | { readonly kind: 'tree-killed'; readonly launch: number; readonly survivors: number }
  | { readonly kind: 'restart-prepared'; readonly launch: number }
  | { readonly kind: 'restart-refused'; readonly launch: number; readonly error: unknown };

/** What `lifecycle` wants done. */
export type LifecycleEffect =
  | { readonly kind: 'spawn' }
  | { readonly kind: 'arm-deadline' }
  | { readonly kind: 'disarm-deadline' }
  | { readonly kind: 'start-probes' }
  | { readonly kind: 'cancel-probes' }
  | { readonly kind: 'ask-stacks' }
  | { readonly kind: 'signal-leader' }
  | { readonly kind: 'arm-grace' }
  | { readonly kind: 'disarm-grace' }
  /** The leader has gone politely: whoever it left behind gets the signal once and the rest of the grace. */
  | { readonly kind: 'release-tree' }
  | { readonly kind: 'kill-tree' }
  /** Looks everything up anew for a launch that nobody asked for. */
  | { readonly kind: 'prepare-restart'; readonly after: WorkerExit }
  | { readonly kind: 'cancel-restart' }
  | { readonly kind: 'report-ready' }
  | { readonly kind: 'report-failure'; readonly failure: LaunchFailure }
  | { readonly kind: 'report-exit'; readonly exit: WorkerExit; readonly asked: boolean }
  /** An exit that nobody asked for, and that is not answered by a restart. */
  | { readonly kind: 'report-death'; readonly death: WorkerDeath }
  | { readonly kind: 'report-stopped'; readonly survivors: number };

/** `refused`: a restart could not even be prepared. */
export type LaunchFailure = StartFailure | { readonly kind: 'refused'; readonly error: unknown };

export type WorkerDeath =
  | { readonly kind: 'failure' | 'ignored'; readonly exit: WorkerExit }
  /** It was restarted as often as it may be. */
  | { readonly kind: 'limit'; readonly exit: WorkerExit; readonly spent: SpentRestarts };
