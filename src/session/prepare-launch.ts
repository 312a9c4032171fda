import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { describeLaunch } from '../launch/describe-launch.ts';
import type { LaunchPlan } from '../launch/plan.ts';
import { resolveLaunch } from '../launch/resolve-launch.ts';
import { Alarm } from '../probe/alarm.ts';
import { buildProbe } from '../probe/build-probe.ts';
import type { Probe } from '../probe/probe.ts';
import type { ProbeSurroundings } from '../probe/surroundings.ts';
import { untilReady } from '../probe/until-ready.ts';
import { followLog } from '../process/follow-log.ts';
import { logSize } from '../process/open-log-files.ts';
import { readMemoryKills } from '../process/read-memory-kills.ts';
import { runCommand } from '../process/run-command.ts';
import type { RunningWorker } from '../process/running-worker.ts';
import type { WorkerSpec } from '../spec/options.ts';
import { interpolateProbe } from './interpolate-probe.ts';
import type { LogView } from './log-view.ts';
import type { PreparedLaunch } from './prepared-launch.ts';
import { type QueueLedger, queueKey } from './queue-ledger.ts';
import type { Services } from './services.ts';

/** What the launches of one test file share. */
export interface LaunchContext {
  readonly rootDir: string;
  /** The folder of this test file. */
  readonly folder: string;
  readonly services: Services;
  readonly ledger: QueueLedger;
  loadModule(path: string): Promise<unknown>;
}

/**
 * Resolves one launch and its probes, and writes the launch down before anything is started.
 *
 * @throws the codes of `resolveLaunch`; ENV_MISSING and OPTIONS_INVALID for a probe that cannot be aimed.
 */
export async function prepareLaunch(
  spec: WorkerSpec,
  view: LogView,
  context: LaunchContext,
  restartEnv: Readonly<Record<string, string | null>> = {},
): Promise<PreparedLaunch> {
  const id = `${spec.name}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const plan = await resolveLaunch(spec, {
    rootDir: context.rootDir,
    inheritedEnv: process.env,
    id,
    applicationName: `live-worker ${id}`.slice(0, 63),
    restartEnv,
    jestNode: process.execPath,
  });
  const specs = spec.ready.map((probe, index) => interpolateProbe(probe, plan.env, place(spec, index)));
  writeFileSync(
    `${context.folder}/${spec.name}.launch.json`,
    `${JSON.stringify(describeLaunch(plan), null, 2)}\n`,
    {
      mode: 0o600,
    },
  );
  return {
    plan,
    specs,
    rootDir: context.rootDir,
    memoryKillsBefore: readMemoryKills(),
    gate(running, board, signal) {
      const probes = specs.map((probe, index) =>
        buildProbe(probe, surroundProbe(place(spec, index), { plan, running, view, context })),
      );
      board.reset(probes);
      return untilProbesReady(probes, view, {
        signal,
        onAnswer: (probe, answer) => board.note(probe, answer),
      });
    },
  };
}

function place(spec: WorkerSpec, index: number): string {
  return `workers.${spec.name}.ready[${index}]`;
}

/** Every new log line is a hint to ask again at once. */
async function untilProbesReady(
  probes: readonly Probe[],
  view: LogView,
  options: Omit<Parameters<typeof untilReady>[1], 'alarm'>,
): ReturnType<typeof untilReady> {
  const alarm = new Alarm();
  const followers = [view.files.stdout, view.files.stderr].map(file =>
    followLog(file, logSize(file), () => alarm.ring()),
  );
  try {
    return await untilReady(probes, { ...options, alarm });
  } finally {
    for (const follower of followers) follower.close();
  }
}

interface ProbedLaunch {
  readonly plan: LaunchPlan;
  readonly running: RunningWorker;
  readonly view: LogView;
  readonly context: LaunchContext;
}

function surroundProbe(where: string, { plan, running, view, context }: ProbedLaunch): ProbeSurroundings {
  let notified = false;
  void running.notified.then(() => {
    notified = true;
  });
  return {
    where,
    cwd: plan.cwd,
    env: plan.env,
    rootDir: context.rootDir,
    broker: url => context.services.broker(url),
    database: url => context.services.database(url),
    othersOn: (url, queue) => context.ledger.othersOn(queueKey(url, queue), plan.worker),
    readLog: stream => view.text(stream, 'launch'),
    isNotified: () => notified,
    runCommand: (command, limits) => runCommand(command, { cwd: plan.cwd, env: plan.env, ...limits }),
    loadModule: path => context.loadModule(path),
  };
}
