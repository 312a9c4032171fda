import fs from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import treeKill from 'tree-kill';
import { procReader } from '../../../src/process/table/proc-reader.ts';
import type { ProcessIdentity } from '../../../src/process/table/process-entry.ts';
import { isAlive } from '../../../src/process/table/process-identity.ts';
import { killTree } from '../../../src/process/tree/kill-tree.ts';
import { findWorkerTree, type WorkerMark } from '../../../src/process/tree/worker-tree.ts';
import { workersFolder } from '../../end-to-end/harness/folders.ts';
import {
  pretendWindows,
  startProcess,
  startShell,
  temporaryFolder,
  uniqueId,
  uniqueSleep,
  untilSeen,
} from '../own-processes.ts';

jest.mock('tree-kill', () =>
  jest.fn((pid: number, signal: NodeJS.Signals, done: () => void) => {
    process.kill(pid, signal);
    setTimeout(done, 100);
  }),
);

const limitMs = 2_000;
const mark = (leader: ProcessIdentity, changes: Partial<WorkerMark> = {}): WorkerMark => ({
  id: uniqueId(),
  leader,
  logPaths: [],
  ...changes,
});

test('FAULT 12, 13, 14: killTree() kills leader, group and daemons, those too that are deaf to SIGTERM', async () => {
  const id = uniqueId();
  const log = join(temporaryFolder(), 'ops.log');
  const [child, daemon, nameless] = [uniqueSleep(), uniqueSleep(), uniqueSleep()];
  const leader = startShell(
    `trap '' TERM INT; ${child} & setsid ${daemon} & setsid env -i ${nameless} & wait`,
    { env: { LIVE_WORKER_ID: id }, log },
  );
  const others = [await untilSeen(child), await untilSeen(daemon), await untilSeen(nameless)].flat();
  expect(await killTree(mark(leader, { id, logPaths: [log] }), limitMs)).toEqual([]);
  expect([leader, ...others].map(isAlive)).toEqual([false, false, false, false]);
  expect(await leader.exited).toEqual([null, 'SIGKILL']);
});

test('FAULT 18: killTree() outruns a worker that starts processes all the time', async () => {
  const id = uniqueId();
  const nap = uniqueSleep();
  const loop = `n=0; while [ $n -lt 50 ]; do n=$((n+1)); setsid ${nap} & sleep 0.005; done`;
  const leader = startShell(loop, { env: { LIVE_WORKER_ID: id } });
  await untilSeen(nap, 3);
  const wanted = mark(leader, { id });
  expect(await killTree(wanted, limitMs)).toEqual([]);
  expect(findWorkerTree(wanted)).toEqual([]);
});

test('FAULT 20: killTree() kills what is stopped', async () => {
  const leader = startShell('kill -STOP $$; sleep 50');
  while (fs.readFileSync(`/proc/${leader.pid}/stat`, 'utf8').split(' ')[2] !== 'T') await sleep(5);
  expect(await killTree(mark(leader), limitMs)).toEqual([]);
  expect(await leader.exited).toEqual([null, 'SIGKILL']);
});

test('FAULT 23: killTree() spares a process that has only got the number of the leader', async () => {
  const nap = uniqueSleep();
  const other = startShell(`exec ${nap}`);
  await untilSeen(nap);
  expect(
    await killTree(mark({ pid: other.pid, startTime: (other.startTime as number) - 1 }), limitMs),
  ).toEqual([]);
  expect(isAlive(other)).toBe(true);
});

test('FAULT 21: killTree() names who outlives SIGKILL when the time is over', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`exec ${nap}`);
  await untilSeen(nap);
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  const survivors = await killTree(mark(leader), 30);
  kill.mockRestore();
  expect(survivors).toEqual([{ pid: leader.pid, command: nap }]);
});

test('killTree() resolves with nothing when nobody is there', async () => {
  const leader = startShell('exit 0');
  await leader.exited;
  expect(await killTree(mark(leader), 0)).toEqual([]);
});

test('FAULT 27: killTree() kills leader and group where neither /proc nor ps can be read', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & ${nap} & wait`);
  const children = await untilSeen(nap, 2);
  const blind = { ...procReader, list: () => undefined, entry: () => undefined };
  const survivors = await killTree(mark({ pid: leader.pid, startTime: undefined }), limitMs, blind);
  expect([leader, ...children].map(isAlive)).toEqual([false, false, false]);
  // The number of a group is one until PID 1 has reaped its orphans.
  expect(
    survivors.map(({ command }) => command).filter(command => command !== 'a process of its group'),
  ).toEqual([]);
});

test('FAULT 59: killTree() leaves it to taskkill on Windows, which sees no more than the process and all below it', async () => {
  const leader = startShell(`exec ${uniqueSleep()}`);
  const restore = pretendWindows();
  const blind = { ...procReader, list: () => undefined };
  const survivors = await killTree(mark({ pid: leader.pid, startTime: undefined }), limitMs, blind);
  restore();
  expect({
    survivors,
    asked: jest.mocked(treeKill).mock.calls.map(([pid, signal]) => [pid, signal]),
  }).toEqual({
    survivors: [],
    asked: [[leader.pid, 'SIGKILL']],
  });
});

test('FAULT 26: killTree() needs no program to be on the path', async () => {
  const path = process.env.PATH;
  const id = uniqueId();
  const [child, daemon] = [uniqueSleep(), uniqueSleep()];
  const leader = startShell(`${child} & setsid ${daemon} & wait`, { env: { LIVE_WORKER_ID: id } });
  const others = [await untilSeen(child), await untilSeen(daemon)].flat();
  process.env.PATH = '';
  try {
    expect(await killTree(mark(leader, { id }), limitMs)).toEqual([]);
  } finally {
    process.env.PATH = path;
  }
  expect([leader, ...others].map(isAlive)).toEqual([false, false, false]);
});

test('FAULT 17: killTree() reports by pid whom it may not signal', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`exec ${nap}`);
  await untilSeen(nap);
  const kill = jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' });
  });
  const survivors = await killTree(mark(leader), 30);
  kill.mockRestore();
  expect(survivors).toEqual([{ pid: leader.pid, command: nap }]);
});

test('FAULT 19: killTree() ends within its time whoever changes its number all the time', async () => {
  const id = uniqueId();
  const log = join(temporaryFolder(), 'hops.log');
  const leader = startProcess('python3', [join(workersFolder, 'hops.py')], {
    env: { LIVE_WORKER_ID: id },
    log,
  });
  while (!fs.readFileSync(log, 'utf8').includes('hop')) await sleep(5);
  const startedAt = performance.now();
  await killTree(mark(leader, { id, logPaths: [log] }), limitMs);
  expect(performance.now() - startedAt).toBeLessThan(limitMs + 1_000);
  while ((findWorkerTree(mark(leader, { id, logPaths: [log] })) ?? []).length > 0) await sleep(5);
});

test('FAULT 21: killTree() waits until a process of 500 MB is dead', async () => {
  const log = join(temporaryFolder(), 'big.log');
  const big = startProcess('python3', [join(workersFolder, 'big.py')], { log });
  while (!fs.readFileSync(log, 'utf8').includes('ready')) await sleep(5);
  expect(await killTree(mark(big), limitMs)).toEqual([]);
  expect(isAlive(big)).toBe(false);
});
