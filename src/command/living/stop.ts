import { listSupervisors } from '../../supervisor/client/list-supervisors.ts';
import { unpackError } from '../../supervisor/reported-error.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';
import { exitCodes } from '../exit-codes.ts';
import { findProjects, findWorker } from '../find-worker.ts';
import type { ProjectOptions } from '../project-options.ts';

interface Stopped {
  readonly workers: string[];
  readonly used: string[];
  readonly problems: Error[];
}

/** Stops the workers that outlived their run: all of the project, or one by its name. What a test file uses goes on. */
export async function stop(
  name: string | undefined,
  options: ProjectOptions,
  { cwd }: CommandContext,
): Promise<CommandResult> {
  const rootDirs = (await findProjects(cwd, options)).map(({ rootDir }) => rootDir);
  const { workers, used, problems } = await stopIn(rootDirs, name);
  const isFound = workers.length + used.length + problems.length > 0;
  // A kept worker may have left the configuration meanwhile.
  if (name !== undefined && !isFound) await findWorker(name, cwd, options);
  const lines = [
    ...workers.map(worker => `worker "${worker}" was stopped`),
    ...used.map(worker => `worker "${worker}" goes on: a test file uses it`),
    ...problems.map(({ message }) => message),
  ];
  const nothing = name === undefined ? 'no worker is kept' : `no worker "${name}" is kept`;
  return {
    document: { stopped: workers, used, problems: problems.map(({ message }) => message) },
    text: lines.length === 0 ? nothing : lines.join('\n'),
    code: used.length + problems.length === 0 ? exitCodes.done : exitCodes.workerFailed,
  };
}

async function stopIn(rootDirs: readonly string[], worker: string | undefined): Promise<Stopped> {
  const all: Stopped = { workers: [], used: [], problems: [] };
  for (const { client, status } of await listSupervisors()) {
    for (const rootDir of rootDirs.filter(dir => status.workers.some(shared => shared.rootDir === dir))) {
      const request = { kind: 'stopWorkers' as const, rootDir, ...(worker === undefined ? {} : { worker }) };
      const answer = await client.ask(request);
      all.workers.push(...answer.workers);
      all.used.push(...answer.used);
      all.problems.push(...answer.problems.map(unpackError));
    }
    client.end();
  }
  return all;
}
