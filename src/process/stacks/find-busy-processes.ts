import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const watchedMs = 120;
/** Of the time it was watched; the kernel brings its account up to date with each tick only. */
const busyShare = 0.7;

/** Those of the processes that have a thread which ran, or waited for a processor, without a pause; none where the kernel keeps no account. */
export async function findBusyProcesses(pids: readonly number[]): Promise<readonly number[]> {
  const before = new Map(pids.map(pid => [pid, readThreads(pid)]));
  const startedAt = performance.now();
  await sleep(watchedMs);
  const elapsedMs = performance.now() - startedAt;
  return pids.filter(pid =>
    [...readThreads(pid)].some(([thread, ms]) => {
      const started = before.get(pid)?.get(thread);
      return started !== undefined && ms - started > elapsedMs * busyShare;
    }),
  );
}

/** Milliseconds on a processor and in the queue for one, by thread: the first two fields of schedstat are nanoseconds. */
function readThreads(pid: number): ReadonlyMap<string, number> {
  try {
    return new Map(readdirSync(`/proc/${pid}/task`).map(thread => [thread, readActiveMs(pid, thread)]));
  } catch {
    return new Map();
  }
}

function readActiveMs(pid: number, thread: string): number {
  const [running = 0, waiting = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return (running + waiting) / 1e6;
}
