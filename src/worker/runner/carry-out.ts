import type { LifecycleEffect } from '../lifecycle/lifecycle-effects.ts';
import type { LaunchRestart } from './launch-restart.ts';
import type { LaunchStart } from './launch-start.ts';
import type { LaunchStop } from './launch-stop.ts';
import type { OutcomeReporter } from './outcome-reporter.ts';
import type { WorkerLaunch } from './worker-launch.ts';

/** What a launch goes through, and what became of it. */
export interface LaunchStages {
  readonly start: LaunchStart;
  readonly stop: LaunchStop;
  readonly restart: LaunchRestart;
  readonly outcome: OutcomeReporter;
}

/** @param count of the launches: the events that answer the effect bear it */
export function carryOut(
  effect: LifecycleEffect,
  { start, stop, restart, outcome }: LaunchStages,
  launch: WorkerLaunch,
  count: number,
): void {
  switch (effect.kind) {
    case 'spawn':
      void start.spawn(launch, count);
      break;
    case 'arm-deadline':
      start.armDeadline(launch, count);
      break;
    case 'disarm-deadline':
      start.disarmDeadline();
      break;
    case 'start-probes':
      void start.probe(launch, count);
      break;
    case 'cancel-probes':
      start.cancelProbes();
      break;
    case 'ask-stacks':
      void start.askStacks(launch, count);
      break;
    case 'signal-leader':
      stop.signalLeader(launch, count);
      break;
    case 'arm-grace':
      stop.armGrace(launch, count);
      break;
    case 'disarm-grace':
      stop.disarmGrace();
      break;
    case 'release-tree':
      void stop.releaseTree(launch, count);
      break;
    case 'kill-tree':
      void stop.killTree(launch, count);
      break;
    case 'prepare-restart':
      void restart.prepare(effect.after, count);
      break;
    case 'cancel-restart':
      restart.cancel();
      break;
    case 'report-ready':
      outcome.reportReady();
      break;
    case 'report-failure':
      outcome.reportFailure(effect.failure, launch);
      break;
    case 'report-exit':
      outcome.reportExit(effect.exit, effect.asked, launch);
      break;
    case 'report-death':
      outcome.reportDeath(effect.death);
      break;
    case 'report-stopped':
      outcome.reportStopped(effect.survivors, launch);
      break;
    default:
      effect satisfies never;
  }
}
