import { spawn } from 'node:child_process';
import { killTree } from '../../process/tree/kill-tree.ts';
import type { ServerCommand } from '../server-plan.ts';
import { removeServerFolder } from './server-folder.ts';
import { within } from './within.ts';

const killLimitMs = 5_000;
/** A container program whose daemon hangs would hold up the end of a run, or the beginning of the next. Milliseconds. */
export const removalLimitMs = 20_000;

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
async function run({ command, environment }: Pick<ServerCommand, 'command' | 'environment'>): Promise<void> {
  const [file, ...args] = command;
  const child = spawn(file, args, { env: environment, stdio: 'ignore' });
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve()).once('error', () => resolve());
  });
  await within(removalLimitMs, ended);
  child.kill('SIGKILL');
}
