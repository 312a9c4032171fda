import { dirname, join } from 'node:path';
import type { WorkerFailure } from '../diagnose/evidence.ts';
import { explainLogLimit } from '../diagnose/explain-log-limit.ts';
import { explainFailedRestart } from '../diagnose/explain-restarts.ts';
import { explainStartFailure } from '../diagnose/explain-start-failure.ts';
import type { LiveWorkerError } from '../errors.ts';
import { LogView } from '../logs/log-view.ts';
import { openLogFiles } from '../logs/open-log-files.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { HeldWorker } from '../records/held-worker.ts';
import { findHeldWorker } from '../records/held-workers.ts';
import type { Timeline } from '../records/timeline.ts';
import { writeRecords } from '../records/write-records.ts';
import { maskError } from '../secrets/mask-error.ts';
import { askHangingWorker } from '../worker/ask-worker-stacks.ts';
import { AttachedRunner } from '../worker/attached-runner.ts';
import { collectEvidence } from '../worker/collect-evidence.ts';
import { deferred } from '../worker/deferred.ts';
import { explainEnd } from '../worker/explain-end.ts';
import { openLaunchWatch } from '../worker/launch-watch.ts';
import { openAttachedLogs } from '../worker/prepare/attachment.ts';
import type { LaunchContext } from '../worker/prepare/launch-context.ts';
import type { SessionWorker } from '../worker/session-worker.ts';
import type { RunnerReports, WorkerControl } from '../worker/worker-control.ts';
import type { WorkerLauncher } from '../worker/worker-launcher.ts';
import { WorkerRunner } from '../worker/worker-runner.ts';
import type { DeathNotice } from './death-notice.ts';
import type { TestCourse } from './test-course.ts';
import type { Waits } from './waits.ts';

/** The part of a test file that its workers have to do with. */
export interface WorkerSurroundings {
  readonly context: LaunchContext;
  readonly timeline: Timeline;
  readonly course: TestCourse;
  readonly death: DeathNotice;
  readonly waits: Waits;
  readonly launcher: WorkerLauncher;
}

/** A worker that was not started yet, with its logs open and its reports going to whom they concern. */
export function createWorker(spec: WorkerSpec, surroundings: WorkerSurroundings): SessionWorker {
  const { rootDir, folder } = surroundings.context;
  const held = spec.attach ? findHeldWorker(rootDir, spec.name) : undefined;
  const view = openView(spec, folder, held);
  const reports = { spec, ...reportsOn(() => worker, view, surroundings) };
  const runner: WorkerControl = spec.attach
    ? new AttachedRunner({ ...reports, view, held })
    : new WorkerRunner({
        ...reports,
        logs: view.files,
        launchWatch: openLaunchWatch(join(dirname(folder), 'watchdog.ndjson')),
        prepareRestart: (after, signal) => surroundings.launcher.prepareRestart(worker, after, signal),
        onRestartFailed: error => reportFailedRestart(worker, error, surroundings),
      });
  const worker: SessionWorker = {
    spec,
    view,
    runner,
    started: deferred(),
    spawned: deferred(),
    prepared: undefined,
    restartEnv: {},
    restartsMeanwhile: [],
    forcedMeanwhile: [],
    atReady: undefined,
    death: undefined,
  };
  return worker;
}

function openView(spec: WorkerSpec, folder: string, held: HeldWorker | undefined): LogView {
  if (spec.attach) return new LogView(spec.name, openAttachedLogs(held));
  const path = join(folder, `${spec.name}.stdout.log`);
  return new LogView(
    spec.name,
    writeRecords(path, () => openLogFiles(folder, spec.name)),
  );
}

/** @param workerOf the worker, which is not complete before it has the runner that reports on it */
function reportsOn(
  workerOf: () => SessionWorker,
  view: LogView,
  { context, timeline, course, death: notice, waits }: WorkerSurroundings,
): Omit<RunnerReports, 'spec'> {
  const look = (failure: WorkerFailure) =>
    collectEvidence(failure, { ...context, view, runner: workerOf().runner });
  return {
    timeline,
    look,
    askStacks: () => askHangingWorker(workerOf().runner, context.secrets),
    explain: (failure, evidence) => {
      const { flood } = workerOf().runner;
      if (flood) return explainLogLimit(flood, course.moment, evidence);
      return explainStartFailure(failure, evidence);
    },
    onDeath: death => {
      const worker = workerOf();
      const evidence = look({ kind: 'died', exit: death.exit });
      const end = explainEnd(death, { flood: worker.runner.flood, moment: course.moment, evidence });
      worker.death = maskError(end, context.secrets);
      if (death.kind === 'ignored') waits.look();
      else notice.report(worker.death);
    },
    onForcedStop: forced => {
      const worker = workerOf();
      worker.forcedMeanwhile = [...worker.forcedMeanwhile, forced];
    },
  };
}

function reportFailedRestart(
  worker: SessionWorker,
  error: LiveWorkerError,
  { course, death, context }: WorkerSurroundings,
): void {
  const [after = { code: null, signal: null }] = worker.restartsMeanwhile.slice(-1);
  const failure = explainFailedRestart(error, worker.spec.name, after, course.moment);
  worker.death = maskError(failure, context.secrets);
  death.report(worker.death);
}
