import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newServerFolder } from '../../../src/server/running/server-folder.ts';
import { serverRecordPath, writeServerRecord } from '../../../src/supervisor/servers/server-records.ts';
import { sweepServersOf } from '../../../src/supervisor/servers/sweep-servers-of.ts';

let sockets = '';
beforeEach(() => {
  sockets = mkdtempSync(join(tmpdir(), 'lw-sweep-'));
});
afterEach(() => rmSync(sockets, { recursive: true }));

/** As a supervisor that is dead left it: no process has started so late. */
function leave(folder: string, more: object = {}, isAlive = false): string {
  const path = serverRecordPath(sockets, folder);
  writeServerRecord(path, { folder, ids: [], ...more });
  const record = JSON.parse(readFileSync(path, 'utf8'));
  if (!isAlive)
    writeFileSync(path, JSON.stringify({ ...record, owner: { ...record.owner, startTime: 2 ** 40 } }));
  return path;
}

test('sweepServersOf() ends what a dead supervisor left: process, container, folder', async () => {
  const folder = newServerFolder();
  mkdirSync(join(folder, 'data'), { recursive: true });
  const removed = join(sockets, 'removed');
  const id = 'postgres.1.abcdef';
  const child = spawn('sleep', ['60'], { env: { LIVE_WORKER_ID: id }, stdio: 'ignore', detached: true });
  const ended = once(child, 'exit');
  leave(folder, { ids: [id], removal: { command: ['/bin/touch', removed], environment: {} } });
  await sweepServersOf(sockets);
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect(existsSync(folder)).toBe(false);
  expect(readdirSync(sockets)).toEqual(['removed']);
});

test('sweepServersOf() touches nothing of a supervisor that lives, and no folder that is not of a server', async () => {
  const folder = newServerFolder();
  mkdirSync(folder);
  const kept = leave(folder, {}, true);
  const other = mkdtempSync(join(tmpdir(), 'lw-other-'));
  const planted = leave(other);
  rmSync(planted);
  writeFileSync(join(sockets, 'server-0123456789ab.json'), readFileSync(kept, 'utf8').replace(folder, other));
  try {
    await sweepServersOf(sockets);
    expect([existsSync(folder), existsSync(other), existsSync(kept)]).toEqual([true, true, true]);
    expect(readdirSync(sockets)).toHaveLength(1);
  } finally {
    rmSync(folder, { recursive: true });
    rmSync(other, { recursive: true });
  }
});
