import { identifyProcess } from '../../../src/process/table/process-identity.ts';
import { signalGroup, signalProcess } from '../../../src/process/tree/signal-process.ts';
import { startShell, uniqueSleep, untilDead, untilSeen } from '../own-processes.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

test('signalProcess() signals one process and not its group', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & wait`);
  const [child] = await untilSeen(nap);
  expect(signalProcess(leader, 'SIGTERM')).toBe('sent');
  expect(await leader.exited).toEqual([null, 'SIGTERM']);
  expect(identifyProcess(child?.pid as number)).toMatchObject({ startTime: child?.startTime });
});

test('FAULT 23: signalProcess() never signals a later process with the number', async () => {
  const nap = uniqueSleep();
  const later = startShell(`exec ${nap}`);
  await untilSeen(nap);
  const kill = jest.spyOn(process, 'kill');
  expect(signalProcess({ pid: later.pid, startTime: (later.startTime as number) - 1 }, 'SIGKILL')).toBe(
    'gone',
  );
  expect(kill).not.toHaveBeenCalled();
});

test('signalProcess() says when a process is gone', async () => {
  const dead = startShell('exit 0');
  await dead.exited;
  expect(signalProcess(dead, 'SIGTERM')).toBe('gone');
  expect(signalProcess({ pid: dead.pid, startTime: undefined }, 'SIGTERM')).toBe('gone');
});

test('signalGroup() signals all of a group', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & ${nap} & wait`);
  const children = await untilSeen(nap, 2);
  expect(signalGroup(leader.pid, 'SIGKILL')).toBe('sent');
  expect(await leader.exited).toEqual([null, 'SIGKILL']);
  for (const child of children) await untilDead(child);
});

// The number of a group that was is still one while PID 1 has not reaped its orphans.
test('signalGroup() says when there is no such group', () => {
  expect(signalGroup(2 ** 22 + 1, 'SIGKILL')).toBe('gone');
});

test.each([
  ['ESRCH', 'gone'],
  ['EPERM', 'refused'],
])('signalProcess() takes %s for an answer', (code, outcome) => {
  jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error(`kill ${code}`), { code });
  });
  expect(signalProcess(identifyProcess(process.pid), 'SIGTERM')).toBe(outcome);
});

test('signalProcess() throws what it does not know', () => {
  jest.spyOn(process, 'kill').mockImplementation(() => {
    throw Object.assign(new Error('kill EINVAL'), { code: 'EINVAL' });
  });
  expect(() => signalProcess(identifyProcess(process.pid), 'SIGTERM')).toThrow('EINVAL');
});
