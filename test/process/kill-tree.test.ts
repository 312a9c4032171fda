import fs from 'node:fs';
import { join } from 'node:path';
import { killTree } from '../../src/process/kill-tree.ts';
import { isAlive, type ProcessIdentity } from '../../src/process/process-identity.ts';
import { findWorkerTree, type WorkerMark } from '../../src/process/worker-tree.ts';
import { startShell, temporaryFolder, uniqueId, uniqueSleep, untilSeen } from './own-processes.ts';

const limitMs = 2_000;
const mark = (leader: ProcessIdentity, changes: Partial<WorkerMark> = {}): WorkerMark => ({
  id: uniqueId(),
  leader,
  logPaths: [],
  ...changes,
});

test('killTree() kills leader, group and daemons, those too that are deaf to SIGTERM', async () => {
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

test('killTree() outruns a worker that starts processes all the time', async () => {
  const id = uniqueId();
  const nap = uniqueSleep();
  const loop = `n=0; while [ $n -lt 3000 ]; do n=$((n+1)); setsid ${nap} & sleep 0.005; done`;
  const leader = startShell(loop, { env: { LIVE_WORKER_ID: id } });
  await untilSeen(nap, 3);
  const wanted = mark(leader, { id });
  expect(await killTree(wanted, limitMs)).toEqual([]);
  expect(findWorkerTree(wanted)).toEqual([]);
});

test('killTree() kills what is stopped', async () => {
  const leader = startShell('kill -STOP $$; sleep 50');
  while (fs.readFileSync(`/proc/${leader.pid}/stat`, 'utf8').split(' ')[2] !== 'T');
  expect(await killTree(mark(leader), limitMs)).toEqual([]);
  expect(await leader.exited).toEqual([null, 'SIGKILL']);
});

test('killTree() spares a process that has only got the number of the leader', async () => {
  const nap = uniqueSleep();
  const other = startShell(`exec ${nap}`);
  await untilSeen(nap);
  expect(
    await killTree(mark({ pid: other.pid, startTime: (other.startTime as number) - 1 }), limitMs),
  ).toEqual([]);
  expect(isAlive(other)).toBe(true);
});

test('killTree() names who outlives SIGKILL when the time is over', async () => {
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

test('killTree() kills the group and what is below the leader where there is no /proc', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & ${nap} & wait`);
  const children = await untilSeen(nap, 2);
  const noProc = jest.spyOn(fs, 'readdirSync').mockImplementation(() => {
    throw Object.assign(new Error('no such directory'), { code: 'ENOENT' });
  });
  const survivors = await killTree(mark({ pid: leader.pid, startTime: undefined }), limitMs);
  noProc.mockRestore();
  expect(survivors).toEqual([]);
  expect([leader, ...children].map(isAlive)).toEqual([false, false, false]);
});
