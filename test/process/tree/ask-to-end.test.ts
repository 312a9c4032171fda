import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../../src/process/table/process-entry.ts';
import { isAlive, readProcessEntry } from '../../../src/process/table/process-identity.ts';
import { readProcessTable } from '../../../src/process/table/process-table.ts';
import { askToEnd, wake } from '../../../src/process/tree/ask-to-end.ts';
import { releaseTree } from '../../../src/process/tree/release-tree.ts';
import { signalProcess } from '../../../src/process/tree/signal-process.ts';
import {
  type OwnProcess,
  pretendWindows,
  startProcess,
  startShell,
  temporaryFolder,
  uniqueId,
  uniqueSleep,
  untilDead,
  untilSeen,
} from '../own-processes.ts';

/** Waits in the kernel, where it obeys no stop, for as long as nobody writes to the pipe: its child has to open that first. */
const spawnsFrom = (pipe: string) => `
import os, signal
signal.alarm(50)
os.posix_spawn("/bin/true", ["true"], {}, file_actions=[(os.POSIX_SPAWN_OPEN, 0, ${JSON.stringify(pipe)}, os.O_RDONLY, 0)])
signal.pause()
`;

/** A process that was told to stop and has not done so yet. */
async function startAboutToStop(): Promise<{ readonly process: OwnProcess; letGo(): void }> {
  const pipe = join(temporaryFolder(), 'pipe');
  spawnSync('mkfifo', [pipe]);
  const process = startProcess('/usr/bin/python3', ['-c', spawnsFrom(pipe)]);
  await untilSpawns(process);
  signalProcess(process, 'SIGSTOP');
  expect(readFileSync(`/proc/${process.pid}/status`, 'utf8')).toMatch(/^ShdPnd:\s*0*40000$/m);
  return { process, letGo: () => letGo(pipe) };
}

/** Its child is there, so what it waits for in the kernel is no file of Python's. */
async function untilSpawns(process: OwnProcess): Promise<void> {
  while (!readProcessTable()?.some(({ parent }) => parent === process.pid)) {
    expect(isAlive(process)).toBe(true);
    await sleep(5);
  }
  await untilState(process, 'D');
}

const opened: number[] = [];
afterEach(() => {
  for (const descriptor of opened.splice(0)) closeSync(descriptor);
});

/** Open for both ends, which waits for nobody; and for as long as the child may take to come to it. */
function letGo(pipe: string): void {
  opened.push(openSync(pipe, 'r+'));
}

async function untilState(process: ProcessIdentity, state: string): Promise<void> {
  while (readProcessEntry(process.pid)?.state !== state) {
    expect(isAlive(process)).toBe(true);
    await sleep(5);
  }
}

test('FAULT 20: askToEnd() ends a process that is stopped', async () => {
  const stopped = startShell('kill -STOP $$; sleep 50');
  await untilState(stopped, 'T');
  expect(askToEnd(stopped, 'SIGTERM')).toBe('sent');
  expect(await stopped.exited).toEqual([null, 'SIGTERM']);
});

test('FAULT 20: askToEnd() ends a process whose stop is still on its way', async () => {
  const { process, letGo } = await startAboutToStop();
  expect(askToEnd(process, 'SIGTERM')).toBe('sent');
  letGo();
  expect(await process.exited).toEqual([null, 'SIGTERM']);
});

test('wake() takes back a stop that is still on its way', async () => {
  const { process, letGo } = await startAboutToStop();
  wake(process);
  letGo();
  await untilState(process, 'S');
});

test('FAULT 20: releaseTree() wakes an heir that is stopped', async () => {
  const id = uniqueId();
  const nap = uniqueSleep();
  const leader = startShell(`setsid ${nap} & exit`, { env: { LIVE_WORKER_ID: id } });
  const [heir] = await untilSeen(nap);
  await leader.exited;
  signalProcess(heir as ProcessIdentity, 'SIGSTOP');
  await untilState(heir as ProcessIdentity, 'T');
  const mark = { id, leader, logPaths: [] };
  expect(await releaseTree(mark, { signal: 'SIGTERM', isOver: () => false, onHeir: () => {} })).toBe('gone');
  await untilDead(heir as ProcessIdentity);
});

test('askToEnd() sends no SIGCONT where Windows knows none', () => {
  const restore = pretendWindows();
  const kill = jest.spyOn(process, 'kill').mockReturnValue(true);
  try {
    askToEnd({ pid: process.pid, startTime: undefined }, 'SIGTERM');
    expect(kill).not.toHaveBeenCalledWith(process.pid, 'SIGCONT');
  } finally {
    restore();
    kill.mockRestore();
  }
});
