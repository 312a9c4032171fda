import { type LivingLaunch, listLivingLaunches } from '../../records/list-living-launches.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';
import { findProjects } from '../find-worker.ts';
import type { ProjectOptions } from '../project-options.ts';
import { describeSharing, findSharedWorkers, type SharedWorkerFound } from './shared-workers.ts';

export interface PsOptions extends ProjectOptions {
  /** Those of other projects too. */
  readonly all?: boolean;
}

/** What is alive with our mark, and whose it is. */
export async function ps(options: PsOptions, context: CommandContext): Promise<CommandResult> {
  const launches = await findLiving(options, context);
  const shared = new Map((await findSharedWorkers()).map(worker => [worker.id, worker]));
  const document = {
    launches: launches.map(({ rootDir, ...launch }) => {
      const { files, keptForMs } = shared.get(launch.id) ?? {};
      return {
        ...launch,
        rootDir: rootDir ?? null,
        ...(files === undefined ? {} : { files }),
        ...(keptForMs === undefined ? {} : { keptForMs }),
      };
    }),
  };
  return {
    document,
    text:
      launches.length === 0
        ? 'nothing is alive'
        : launches.map(launch => format(launch, shared.get(launch.id), context)).join('\n'),
  };
}

/** Those of the projects of this configuration, or of the whole machine. */
export async function findLiving(
  options: PsOptions,
  { cwd }: CommandContext,
): Promise<readonly LivingLaunch[]> {
  const living = listLivingLaunches() ?? [];
  if (options.all) return living;
  const rootDirs = (await findProjects(cwd, options)).map(({ rootDir }) => rootDir);
  return living.filter(({ rootDir }) => rootDir !== undefined && rootDirs.includes(rootDir));
}

function format(
  { worker, processes, owner, isHeld, rootDir }: LivingLaunch,
  shared: SharedWorkerFound | undefined,
  { colours }: CommandContext,
): string {
  const whose = !owner.isAlive
    ? colours.yellow(`its owner, pid ${owner.pid}, is gone: live-worker reap ends it`)
    : shared
      ? describeSharing(shared)
      : `${isHeld ? 'held by live-worker run' : 'used by Jest'}, pid ${owner.pid}`;
  const lines = processes.map(
    ({ pid, command, ageSeconds }) => `  pid ${pid}, for ${ageSeconds} s: ${command.slice(0, 200)}`,
  );
  return [`${colours.bold(worker)}  ${whose}  ${colours.dim(rootDir ?? '')}`, ...lines].join('\n');
}
