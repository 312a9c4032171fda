import { resolve } from 'node:path';
import { LiveWorkerError } from '../../errors.ts';
import { secretSources } from '../../launch/secret-sources.ts';
import {
  findLaunchRecords,
  type LaunchRecordFile,
  listLaunchRecords,
  readLaunchRecord,
} from '../../records/find-launch-records.ts';
import { Secrets } from '../../secrets/secrets.ts';
import { aimProbes, planLaunch } from '../../worker/prepare/plan-launch.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';
import { findProjects, findWorker } from '../find-worker.ts';
import type { ProjectOptions } from '../project-options.ts';
import { describeReplayLine } from './replay-line.ts';
import { type ReplayPlan, restartedEnv, toReplayPlan, withSecrets } from './replay-plan.ts';
import { runReplay } from './run-replay.ts';

export interface ReplayOptions extends ProjectOptions {
  /** Put secrets into the line, from the configuration as it is now. */
  readonly secrets?: boolean;
  /** Run it in this terminal instead of printing it. */
  readonly run?: boolean;
}

/** Prints a line for a POSIX shell that repeats a recorded launch, or runs it. */
export async function replay(
  asked: string | undefined,
  options: ReplayOptions,
  context: CommandContext,
): Promise<CommandResult> {
  const launch = await findLaunch(asked, options, context);
  const recorded = toReplayPlan(launch);
  if (!options.run && !options.secrets) {
    const { line, fromShell } = describeReplayLine(recorded);
    if (fromShell.length > 0)
      process.stderr.write(
        `live-worker: the line takes ${fromShell.join(', ')} from the shell it is pasted into; --secrets writes them out\n`,
      );
    return { document: { launch: launch.path, line, fromShell }, text: line, isScript: true };
  }
  const complete = await complementSecrets(launch, recorded, options, context);
  if (options.run) return runReplay(complete, launch, context);
  const { line } = describeReplayLine(complete);
  return { document: { launch: launch.path, line, fromShell: [] }, text: line, isScript: true };
}

/** A path, a worker's name, or nothing for the newest. @throws REPLAY_IMPOSSIBLE */
async function findLaunch(
  asked: string | undefined,
  options: ProjectOptions,
  { cwd }: CommandContext,
): Promise<LaunchRecordFile> {
  if (asked !== undefined && /[/\\]|\.(nd)?json$/.test(asked)) {
    const path = resolve(cwd, asked);
    const launch = readLaunchRecord(path);
    if (launch) return launch;
    throw notARecord(path);
  }
  const projects =
    asked === undefined
      ? await findProjects(cwd, options)
      : [(await findWorker(asked, cwd, options)).project];
  const [newest] = projects
    .flatMap(({ rootDir }) => findLaunchRecords(rootDir, asked))
    .sort((one, other) => other.writtenMs - one.writtenMs);
  if (newest) return newest;
  const [malformed] = projects.flatMap(({ rootDir }) => listLaunchRecords(rootDir, asked));
  if (malformed !== undefined) throw notARecord(malformed);
  const what = asked === undefined ? 'a launch' : `a launch of worker "${asked}"`;
  const where = projects.map(({ rootDir }) => `${rootDir}/.live-worker/latest`);
  throw new LiveWorkerError(
    'REPLAY_IMPOSSIBLE',
    `Cannot replay ${what}: there is none in ${where.join(', ')}\nRun Jest first, or give the path of a NAME.launch.ndjson`,
    { details: { worker: asked ?? null, folders: where } },
  );
}

function notARecord(path: string): LiveWorkerError {
  return new LiveWorkerError('REPLAY_IMPOSSIBLE', `Cannot replay "${path}": it is no record of a launch`, {
    details: { path },
  });
}

/** The record has none: they are looked up where the launch had them from. */
async function complementSecrets(
  { record }: LaunchRecordFile,
  recorded: ReplayPlan,
  options: ProjectOptions,
  context: CommandContext,
): Promise<ReplayPlan> {
  if (recorded.masked.length === 0 && !recorded.isCommandMasked) return recorded;
  const { project, spec } = await findWorker(record.worker, context.cwd, options);
  const plan = await planLaunch(spec, project.rootDir, { env: restartedEnv(record) });
  return withSecrets(recorded, plan, new Secrets(secretSources(plan, aimProbes(spec, plan.env))));
}
