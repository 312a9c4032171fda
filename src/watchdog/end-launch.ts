import { appendFileSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../process/table/process-entry.ts';
import { isAlive } from '../process/table/process-identity.ts';
import { askToEnd, wake } from '../process/tree/ask-to-end.ts';
import { killTree } from '../process/tree/kill-tree.ts';
import { releaseTree } from '../process/tree/release-tree.ts';
import { findWorkerTree, type WorkerMark } from '../process/tree/worker-tree.ts';
import type { WatchdogRecord, WatchedLaunch } from '../records/watched-launch.ts';
import { toJson } from '../text/to-json.ts';

const graceMs = 500;
const killLimitMs = 9_000;
const pauseMs = 5;

/** Ends a launch whose Jest is gone: politely for half a second, then by SIGKILL until nothing of it is found. */
export async function endLaunch(launch: WatchedLaunch): Promise<void> {
  const { id, leader, logPaths, logFiles = [] } = launch;
  const mark: WorkerMark = { id, leader, logPaths, logFiles, known: new Map() };
  const pids = findWorkerTree(mark)?.map(({ pid }) => pid) ?? [];
  const deadline = performance.now() + graceMs;
  const isOver = () => performance.now() > deadline;
  if (launch.leader) await askLeader(launch.leader, launch, isOver);
  await releaseTree(mark, { signal: launch.signal, isOver, asked: launch.askedHeirs, onHeir: () => {} });
  const survivors = await killTree(mark, killLimitMs);
  if (survivors.length === 0) remove(launch);
  if (pids.length === 0) return;
  writeRecord(launch, { pids, survivors: survivors.map(({ pid }) => pid) });
}

function remove({ removes = [] }: WatchedLaunch): void {
  for (const path of removes) {
    try {
      rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    } catch {
      // The next run tries again.
    }
  }
}

async function askLeader(
  leader: ProcessIdentity,
  launch: WatchedLaunch,
  isOver: () => boolean,
): Promise<void> {
  if (launch.isAsked) wake(leader);
  else askToEnd(leader, launch.signal);
  while (isAlive(leader) && !isOver()) await sleep(pauseMs);
}

function writeRecord(
  { worker, id, recordPath }: WatchedLaunch,
  ended: Pick<WatchdogRecord, 'pids' | 'survivors'>,
): void {
  try {
    appendFileSync(recordPath, `${toJson({ worker, id, ...ended } satisfies WatchdogRecord)}\n`, {
      mode: 0o600,
    });
  } catch {
    // The folder of the run may be gone by now; the processes are what counts.
  }
}
