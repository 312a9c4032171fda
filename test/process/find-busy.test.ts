import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { findBusyProcesses } from '../../src/process/stacks/find-busy-processes.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function start(code: string): Promise<number> {
  const child = spawn(process.execPath, ['-e', `console.log('up'); ${code}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: 30_000,
  });
  children.push(child);
  await once(child.stdout as NonNullable<ChildProcess['stdout']>, 'data');
  return child.pid as number;
}

test('findBusyProcesses() tells who computes from who waits, be it for a timer of 10 ms', async () => {
  const [busy, idle, ticking] = await Promise.all([
    start('for (;;);'),
    start('setTimeout(() => {}, 30000)'),
    start('setInterval(() => {}, 10); setTimeout(process.exit, 30000)'),
  ]);
  let found: readonly number[] = [];
  // Whoever has just been started still works for a moment.
  for (let attempts = 0; attempts < 20; attempts += 1) {
    found = await findBusyProcesses([busy, idle, ticking]);
    if (found.length === 1) break;
  }
  expect(found).toEqual([busy]);
});

test('findBusyProcesses() finds nobody among those who are gone', async () => {
  expect(await findBusyProcesses([2 ** 22 + 1])).toEqual([]);
});
