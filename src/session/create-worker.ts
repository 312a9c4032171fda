import { dirname, join } from 'node:path';
import { LogView } from '../logs/log-view.ts';
import { openLogFiles } from '../logs/open-log-files.ts';
import type { WorkerSpec } from '../options/options.ts';
import type { HeldWorker } from '../records/held-worker.ts';
import { findHeldWorker } from '../records/held-workers.ts';
import type { Timeline } from '../records/timeline.ts';
import { writeRecords } from '../records/write-records.ts';
import type { CoverageMeter } from '../worker/coverage/coverage-meter.ts';
import { explainedReports } from '../worker/explained-reports.ts';
import type { WorkerHolder } from '../worker/holder-of.ts';
import { openAttachedLogs } from '../worker/prepare/attachment.ts';
import type { LaunchContext } from '../worker/prepare/launch-context.ts';
import { openLaunchWatch } from '../worker/runner/launch-watch.ts';
import { type SessionReports, SessionWorker } from '../worker/session-worker.ts';
import type { WorkerLauncher } from '../worker/worker-launcher.ts';
import type { ArmedPoints } from './crash/armed-points.ts';
import type { DeathNotice } from './death-notice.ts';
import type { RunningTests } from './running-tests.ts';
import type { Waits } from './waits/waits.ts';

/** The parts of a session that its workers need, and report to. */
export interface WorkerContext {
  readonly context: LaunchContext;
  readonly timeline: Timeline;
  readonly tests: RunningTests;
  readonly death: DeathNotice;
  readonly waits: Waits;
  readonly launcher: WorkerLauncher;
  holderOf(spec: WorkerSpec): WorkerHolder;
  readonly meter: CoverageMeter | undefined;
  readonly points: ArmedPoints;
}

/** A worker that was not started yet, with its logs open. */
export function createWorker(spec: WorkerSpec, session: WorkerContext): SessionWorker {
  const { rootDir, folder } = session.context;
  const holder = session.holderOf(spec);
  const held = spec.attach ? findHeldWorker(rootDir, spec.name) : undefined;
  return new SessionWorker({
    spec,
    view: openView(spec, { folder, holder, held }),
    timeline: session.timeline,
    held,
    holder,
    launchWatch: openLaunchWatch(join(dirname(folder), 'watchdog.ndjson')),
    meter: spec.coverage ? session.meter : undefined,
    reports: reportTo(session),
  });
}

function openView(
  spec: WorkerSpec,
  {
    folder,
    holder,
    held,
  }: { readonly folder: string; readonly holder: WorkerHolder; readonly held: HeldWorker | undefined },
): LogView {
  if (spec.attach) return new LogView(spec.name, openAttachedLogs(held));
  if (holder !== 'here') return new LogView(spec.name, undefined);
  const path = join(folder, `${spec.name}.stdout.log`);
  return new LogView(
    spec.name,
    writeRecords(path, () => openLogFiles(folder, spec.name)),
  );
}

function reportTo({ context, tests, death, waits, launcher, points }: WorkerContext): SessionReports {
  return explainedReports({
    context,
    launcher,
    momentNow: () => tests.moment,
    onEnd({ worker, error, isIgnored }) {
      const crash = points.describeCrash(worker);
      if (crash !== undefined) error.message += `\n${crash}`;
      worker.noteDeath(error);
      if (isIgnored) waits.look();
      else death.report(error);
    },
  });
}
