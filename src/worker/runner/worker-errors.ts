import { LiveWorkerError } from '../../errors.ts';
import type { Survivor } from '../../process/tree/kill-tree.ts';
import { maskCommandLine } from '../../secrets/mask-value.ts';
import { Secrets } from '../../secrets/secrets.ts';

export function notRunning(worker: string): LiveWorkerError {
  return new LiveWorkerError('WORKER_NOT_RUNNING', `Worker "${worker}" does not run`, {
    details: { worker },
  });
}

export function stopFailed(worker: string, found: readonly Survivor[], killLimitMs: number): LiveWorkerError {
  const survivors = found.map(({ pid, command }) => ({
    pid,
    command: maskCommandLine(command, new Secrets()),
  }));
  const list = survivors.map(({ pid, command }) => `  pid ${pid}: ${command}`).join('\n');
  return new LiveWorkerError(
    'STOP_FAILED',
    `Cannot stop worker "${worker}": ${survivors.length} of its processes outlived SIGKILL for ${killLimitMs} ms\n${list}`,
    { details: { worker, survivors } },
  );
}
