import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../../src/process/table/process-entry.ts';
import { isAlive } from '../../../src/process/table/process-identity.ts';
import { releaseTree } from '../../../src/process/tree/release-tree.ts';
import { findWorkerTree, topmost, type WorkerMark } from '../../../src/process/tree/worker-tree.ts';
import { startShell, temporaryFolder, uniqueId, uniqueSleep, untilSeen } from '../own-processes.ts';

const mark = (leader: ProcessIdentity): WorkerMark => ({ id: uniqueId(), leader, logPaths: [] });
const never = () => false;

/** Releases a tree and notes who got the signal. */
function releasing(leader: ProcessIdentity, isOver: () => boolean = never) {
  const heirs: number[] = [];
  const outcome = releaseTree(mark(leader), {
    signal: 'SIGTERM',
    isOver,
    onHeir: ({ pid }) => heirs.push(pid),
  });
  return { heirs, outcome };
}

test('releaseTree() signals whoever the leader left behind, and waits until all are gone', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & ${nap} & exit`);
  const heirs = await untilSeen(nap, 2);
  await leader.exited;
  const released = releasing(leader);
  expect(await released.outcome).toBe('gone');
  expect(released.heirs.sort()).toEqual(heirs.map(({ pid }) => pid).sort());
  expect(heirs.map(isAlive)).toEqual([false, false]);
});

test('FAULT 25: releaseTree() gives each heir the signal once, and none to the children it still has', async () => {
  const log = join(temporaryFolder(), 'heirs.log');
  const nap = uniqueSleep();
  const child = `sh -c 'trap "echo child" TERM; ${nap}; true'`;
  const heir = `trap 'echo heir' TERM; ${child} & n=0; while [ $n -lt 1000 ]; do n=$((n+1)); sleep 0.02; done`;
  const leader = startShell(`(${heir}) & exit`, { log });
  await untilSeen(nap);
  await leader.exited;
  let isOver = false;
  const released = releasing(leader, () => isOver);
  while (!readFileSync(log, 'utf8').includes('heir')) await sleep(5);
  const scans = releasing(leader, () => isOver);
  expect(scans.heirs).toHaveLength(1);
  isOver = true;
  expect(await released.outcome).toBe('over');
  await scans.outcome;
  expect(released.heirs).toHaveLength(1);
  expect(readFileSync(log, 'utf8')).not.toContain('child');
});

test('releaseTree() signals a child as soon as the heir above it is gone', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`(${nap}; true) & exit`);
  const [grandchild] = await untilSeen(nap);
  await leader.exited;
  const released = releasing(leader);
  expect(await released.outcome).toBe('gone');
  expect(released.heirs).toHaveLength(2);
  expect(released.heirs[1]).toBe(grandchild?.pid);
});

test('releaseTree() asks nobody who was asked before', async () => {
  const log = join(temporaryFolder(), 'heirs.log');
  const heir = `trap 'echo asked' TERM; echo up; n=0; while [ $n -lt 1000 ]; do n=$((n+1)); sleep 0.02; done`;
  const leader = startShell(`(${heir}) & exit`, { log });
  while (!readFileSync(log, 'utf8').includes('up')) await sleep(5);
  await leader.exited;
  const asked = topmost(findWorkerTree(mark(leader)) ?? []);
  let scans = 0;
  const outcome = await releaseTree(mark(leader), {
    signal: 'SIGTERM',
    isOver: () => ++scans > 5,
    asked,
    onHeir: () => {
      throw new Error('asked twice');
    },
  });
  expect({ outcome, heirs: asked.length }).toEqual({ outcome: 'over', heirs: 1 });
  expect(readFileSync(log, 'utf8')).toBe('up\n');
});

test('releaseTree() touches nobody when it is over from the start', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & exit`);
  const [heir] = await untilSeen(nap);
  await leader.exited;
  const released = releasing(leader, () => true);
  expect(await released.outcome).toBe('over');
  expect(released.heirs).toEqual([]);
  expect(isAlive(heir as ProcessIdentity)).toBe(true);
});

test('releaseTree() is done when nobody was left', async () => {
  const leader = startShell('exit 0');
  await leader.exited;
  expect(await releasing(leader).outcome).toBe('gone');
});
