import type { ProcessExit as WorkerExit } from '../../process/running-worker.ts';

export type { WorkerExit };

/** What `transition()` is told. */
export type LifecycleEvent =
  | { readonly kind: 'start-asked' }
  | { readonly kind: 'stop-asked' }
  /** The user is in a hurry, or the test wants SIGKILL: skip the grace. */
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
  /** The leader had ended before the polite signal could reach it, and its exit was not heard of yet. */
  | { readonly kind: 'leader-found-dead'; readonly launch: number }
  | { readonly kind: 'grace-over'; readonly launch: number }
  /** After the leader's polite end nothing of its tree is left. */
  | { readonly kind: 'tree-gone'; readonly launch: number }
  /** SIGKILL has done what it can; `survivors` are what it could not. */
  | { readonly kind: 'tree-killed'; readonly launch: number; readonly survivors: number }
  | { readonly kind: 'restart-prepared'; readonly launch: number }
  | { readonly kind: 'restart-refused'; readonly launch: number; readonly error: unknown };
