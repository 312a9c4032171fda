import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findWorkerTree } from '../../src/process/worker-tree.ts';

const started: ChildProcess[] = [];
const folder = mkdtempSync(join(tmpdir(), 'worker-tree-'));
const logPath = join(folder, 'ops.stdout.log');

afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

/** Sleeps for at most 30 s, in a session of its own. */
async function sleeper(env: Record<string, string>, log?: number): Promise<number> {
  const program = 'process.stderr.write("up"); setTimeout(() => {}, 30_000)';
  const child = spawn(process.execPath, ['-e', program], {
    env,
    detached: true,
    stdio: ['ignore', log ?? 'ignore', 'pipe'],
  });
  started.push(child);
  await once(child.stderr as NodeJS.ReadableStream, 'data');
  return child.pid ?? 0;
}

test('a mark without a leader finds who carries the cookie and who writes to the logs, and nobody else', async () => {
  const log = openSync(logPath, 'a');
  const id = `ops.${process.pid}.cookie`;
  const marked = await sleeper({ LIVE_WORKER_ID: id });
  const writing = await sleeper({}, log);
  await sleeper({ LIVE_WORKER_ID: `${id}2` });
  closeSync(log);
  const found = findWorkerTree({ id, leader: undefined, logPaths: [logPath] }) ?? [];
  expect(found.map(({ pid }) => pid).sort()).toEqual([marked, writing].sort());
});
