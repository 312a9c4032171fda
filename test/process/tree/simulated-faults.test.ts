import { killTree } from '../../../src/process/tree/kill-tree.ts';
import type { WorkerMark } from '../../../src/process/tree/worker-tree.ts';
import { type SimulatedProcess, simulateProcesses } from './simulated-processes.ts';

const limitMs = 1_000;
const mark: WorkerMark = { id: 'ops.1', leader: { pid: 500, startTime: 100 }, logPaths: ['/logs/ops'] };
const leader: SimulatedProcess = { pid: 500 };

async function killed(wanted: WorkerMark, ...processes: readonly SimulatedProcess[]) {
  const simulated = simulateProcesses(...processes);
  const survivors = await killTree(wanted, limitMs, simulated.reader);
  simulated.restore();
  expect(survivors).toEqual([]);
  return simulated.killed;
}

test('killTree() kills the leader, its group, its session, its descendants, its cookie and its logs', async () => {
  expect(
    await killed(
      mark,
      leader,
      { pid: 501, group: 500 },
      { pid: 502, session: 500 },
      { pid: 503, parent: 501 },
      { pid: 504, environment: { LIVE_WORKER_ID: 'ops.1' } },
      { pid: 505, writes: ['/logs/ops'] },
      { pid: 506, environment: { LIVE_WORKER_ID: 'ops.10' }, writes: ['/logs/ops2'] },
    ),
  ).toEqual([500, 501, 502, 504, 505, 503]);
});

test('FAULT 23: a later process with the number of the leader is spared, and all that is its own', async () => {
  expect(await killed(mark, { pid: 500, startTime: 900 }, { pid: 501, parent: 500, startTime: 901 })).toEqual(
    [],
  );
});

test('FAULT 24: a later group with the number of the leader is spared, what carries our cookie in it is not', async () => {
  expect(
    await killed(
      mark,
      { pid: 500, startTime: 900 },
      { pid: 501, group: 500, startTime: 901 },
      { pid: 502, group: 500, startTime: 902, environment: { LIVE_WORKER_ID: 'ops.1' } },
    ),
  ).toEqual([502]);
});

test('FAULT 24: a group that is older than the leader is spared', async () => {
  expect(await killed(mark, { pid: 501, group: 500, startTime: 99 })).toEqual([]);
});

test('FAULT 23: a number that changes hands between look and signal is spared', async () => {
  const simulated = simulateProcesses(leader);
  const list = simulated.reader.list;
  const reader = {
    ...simulated.reader,
    list() {
      const seen = list();
      simulated.table.set(500, { pid: 500, startTime: 900 });
      return seen;
    },
  };
  const survivors = await killTree(mark, limitMs, reader);
  simulated.restore();
  expect({ survivors, killed: simulated.killed }).toEqual({ survivors: [], killed: [] });
});

test('FAULT 56: no clock of the wall is asked', async () => {
  jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'performance'] });
  jest.setSystemTime(new Date('2001-01-01'));
  try {
    expect(await killed(mark, leader)).toEqual([500]);
  } finally {
    jest.useRealTimers();
  }
});
