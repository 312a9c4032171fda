import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const watchedMs = 120;
const looks = 12;
/** Of the time it was watched; the kernel brings its account up to date with each tick only. */
const busyShare = 0.7;

/** Those of the processes that have a thread which ran, or waited for a processor, without a pause; none where the kernel keeps no account. */
export async function findBusyProcesses(pids: readonly number[]): Promise<readonly number[]> {
  const before = new Map(pids.map(pid => [pid, readThreads(pid)]));
  const startedAt = performance.now();
  const runnable = await findRunnableThreads(pids);
  const elapsedMs = performance.now() - startedAt;
  return pids.filter(pid =>
    [...readThreads(pid)].some(([thread, ms]) => {
      const started = before.get(pid)?.get(thread);
      if (started === undefined) return false;
      return ms - started > elapsedMs * busyShare || runnable.has(`${pid} ${thread}`);
    }),
  );
}

/** Those that never waited for anything else when they were looked at: the account of one that waits for a processor comes late. */
async function findRunnableThreads(pids: readonly number[]): Promise<ReadonlySet<string>> {
  let always: ReadonlySet<string> | undefined;
  for (let look = 0; look < looks; look += 1) {
    await sleep(watchedMs / looks);
    const now = pids.flatMap(pid =>
      listThreads(pid)
        .filter(isRunnable(pid))
        .map(id => `${pid} ${id}`),
    );
    always = new Set(now.filter(thread => always?.has(thread) ?? true));
  }
  return always ?? new Set();
}

function isRunnable(pid: number): (thread: string) => boolean {
  return thread => {
    try {
      const stat = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2).startsWith('R');
    } catch {
      return false;
    }
  };
}

/** Milliseconds on a processor and in the queue for one, by thread: the first two fields of schedstat are nanoseconds. */
function readThreads(pid: number): ReadonlyMap<string, number> {
  try {
    return new Map(listThreads(pid).map(thread => [thread, readActiveMs(pid, thread)]));
  } catch {
    return new Map();
  }
}

function listThreads(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function readActiveMs(pid: number, thread: string): number {
  const [running = 0, waiting = 0] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8')
    .split(' ')
    .map(Number);
  return (running + waiting) / 1e6;
}
