import type { WorkerControl } from './runner/worker-control.ts';

/** How long a test waits for the kernel to end a process that got SIGKILL, at most; milliseconds. */
const limitMs = 500;

/** Resolves when no exit that has happened, or is under way, is unheard of. */
export async function untilExitsHeard(
  runners: readonly Pick<WorkerControl, 'isDying' | 'running' | 'untilHeard'>[],
): Promise<void> {
  await new Promise(setImmediate);
  await Promise.all(runners.map(runner => runner.untilHeard?.()));
  const exits = runners.flatMap(({ isDying, running }) => (isDying && running ? [running.exited] : []));
  if (exits.length === 0) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([Promise.all(exits), late]);
  clearTimeout(timer);
}
