import { spawn } from 'node:child_process';
import { killTree } from '../../process/tree/kill-tree.ts';
import type { ServerCommand } from '../server-plan.ts';
import { removeServerFolder } from './server-folder.ts';

const killLimitMs = 5_000;

/** A server of a process that is gone. */
export interface LeftServer {
  /** The values of LIVE_WORKER_ID of its processes. */
  readonly ids: readonly string[];
  readonly folder: string;
  readonly removal?: Pick<ServerCommand, 'command' | 'environment'> | undefined;
}

export async function endLeftServer({ ids, folder, removal }: LeftServer): Promise<void> {
  for (const id of ids) await killTree({ id, leader: undefined, logPaths: [] }, killLimitMs);
  if (removal) await run(removal);
  removeServerFolder(folder);
}

/** A command that is not there any more has nothing to remove either. */
function run({ command, environment }: Pick<ServerCommand, 'command' | 'environment'>): Promise<void> {
  const [file, ...args] = command;
  const child = spawn(file, args, { env: environment, stdio: 'ignore' });
  return new Promise(resolve => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
}
