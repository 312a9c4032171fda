import type { ChildProcess } from 'node:child_process';

/** On a machine that is busy for longer, Jest does not wait. */
const limitMs = 2_000;

/** Resolves at the first byte a process writes, when it has ended, or when neither happens. */
export function untilWritten(child: ChildProcess): Promise<void> {
  return new Promise(resolve => {
    const limit = setTimeout(resolve, limitMs);
    const end = () => {
      clearTimeout(limit);
      resolve();
    };
    child.once('exit', end).once('error', end);
    child.stdout?.once('data', end);
  });
}
