import { dirname, join } from 'node:path';
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
import { collectEvidence } from '../worker/collect-evidence.ts';
import { explainEnd } from '../worker/explain-end.ts';
import { isLeased } from '../worker/is-leased.ts';
import type { WorkerDeath } from '../worker/lifecycle/lifecycle-effects.ts';
import { openAttachedLogs } from '../worker/prepare/attachment.ts';
import type { LaunchContext } from '../worker/prepare/launch-context.ts';
import { openLaunchWatch } from '../worker/runner/launch-watch.ts';
import { type SessionReports, SessionWorker } from '../worker/session-worker.ts';
import type { WorkerLauncher } from '../worker/worker-launcher.ts';
import type { DeathNotice } from './death-notice.ts';
import type { RunningTests } from './running-tests.ts';
import type { Waits } from './waits.ts';

/** The parts of a session that its workers need, and report to. */
export interface WorkerContext {
  readonly context: LaunchContext;
  readonly timeline: Timeline;
  readonly tests: RunningTests;
  readonly death: DeathNotice;
  readonly waits: Waits;
  readonly launcher: WorkerLauncher;
}

/** A worker that was not started yet, with its logs open. */
export function createWorker(spec: WorkerSpec, session: WorkerContext): SessionWorker {
  const { rootDir, folder } = session.context;
  const held = spec.attach ? findHeldWorker(rootDir, spec.name) : undefined;
  return new SessionWorker({
    spec,
    view: openView(spec, folder, held),
    timeline: session.timeline,
    held,
    isLeased: isLeased(spec),
    launchWatch: openLaunchWatch(join(dirname(folder), 'watchdog.ndjson')),
    reports: reportTo(session),
  });
}

function openView(spec: WorkerSpec, folder: string, held: HeldWorker | undefined): LogView {
  if (spec.attach) return new LogView(spec.name, openAttachedLogs(held));
  if (isLeased(spec)) return new LogView(spec.name, undefined);
  const path = join(folder, `${spec.name}.stdout.log`);
  return new LogView(
    spec.name,
    writeRecords(path, () => openLogFiles(folder, spec.name)),
  );
}

function reportTo(session: WorkerContext): SessionReports {
  const { context, tests, launcher } = session;
  return {
    look: (failure, { view, runner }) => collectEvidence(failure, { ...context, view, runner }),
    askStacks: ({ runner }) => askHangingWorker(runner, context.secrets),
    explain(failure, evidence, { runner }) {
      if (runner.flood) return explainLogLimit(runner.flood, tests.moment, evidence);
      return explainStartFailure(failure, evidence);
    },
    prepareRestart: (signal, worker) => launcher.prepareRestart(worker, signal),
    onDeath: (death, worker) => reportDeath(death, worker, session),
    onRestartFailed: (error, worker) => reportFailedRestart(error, worker, session),
  };
}

function reportDeath(
  death: WorkerDeath,
  worker: SessionWorker,
  { context, tests, death: notice, waits }: WorkerContext,
): void {
  const { runner, view } = worker;
  const evidence = collectEvidence({ kind: 'died', exit: death.exit }, { ...context, view, runner });
  const end = explainEnd(death, { flood: runner.flood, moment: tests.moment, evidence });
  const error = maskError(end, context.secrets);
  worker.noteDeath(error);
  if (death.kind === 'ignored') waits.look();
  else notice.report(error);
}

function reportFailedRestart(
  error: LiveWorkerError,
  worker: SessionWorker,
  { context, tests, death: notice }: WorkerContext,
): void {
  const [after = { code: null, signal: null }] = worker.restartsMeanwhile.slice(-1);
  const failure = explainFailedRestart(error, worker.spec.name, after, tests.moment);
  const masked = maskError(failure, context.secrets);
  worker.noteDeath(masked);
  notice.report(masked);
}
