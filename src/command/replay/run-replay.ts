import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { LiveWorkerError } from '../../errors.ts';
import type { LaunchRecordFile } from '../../records/find-launch-records.ts';
import type { CommandContext, CommandResult } from '../command-result.ts';
import { forwardSignals } from '../forward-signals.ts';
import type { ReplayPlan } from './replay-plan.ts';

/** Runs it in this terminal, as the pasted line would, and ends with its code. */
export async function runReplay(
  { command, cwd, env }: ReplayPlan,
  { path, record }: LaunchRecordFile,
  { say }: CommandContext,
): Promise<CommandResult> {
  const [file = '', ...args] = command;
  const child = spawn(file, args, { cwd, env, stdio: 'inherit' });
  const forwarding = forwardSignals(child);
  const { code, signal } = await new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once('error', error => reject(notStarted(record.worker, file, error)));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    },
  ).finally(() => forwarding.stop());
  say(`live-worker: ${record.worker} ${signal ? `was killed by ${signal}` : `exited with code ${code}`}`);
  return {
    document: { launch: path, exit: { code, signal } },
    text: '',
    code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'],
  };
}

function notStarted(worker: string, file: string, cause: NodeJS.ErrnoException): LiveWorkerError {
  return new LiveWorkerError(
    'SPAWN_FAILED',
    `Cannot start worker "${worker}": the system refused "${file}" with ${cause.code ?? cause.message}`,
    { details: { worker, file, systemCode: cause.code ?? null }, cause },
  );
}
