import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { repository } from '../end-to-end/harness/folders.ts';
import { temporaryFolder } from './own-processes.ts';

/** A process of its own takes every descriptor it may have, starts a worker, and lets go after `freeAfterMs`. */
const program = `
const { openSync, closeSync } = require('node:fs');
const { loadExeca } = require('./dist/process/load-execa.js');
const { openLogFiles } = require('./dist/logs/open-log-files.js');
const { spawnWorker } = require('./dist/process/spawn-worker.js');
const [folder, freeAfterMs] = process.argv.slice(1);
loadExeca().then(async () => {
  const logs = openLogFiles(folder, 'ops');
  const taken = [];
  setInterval(() => {}, 1_000);
  try {
    for (;;) taken.push(openSync('/dev/null'));
  } catch {}
  if (freeAfterMs !== 'never') setTimeout(() => taken.forEach(closeSync), Number(freeAfterMs));
  const plan = { worker: 'ops', id: 'x', file: '/bin/true', args: [], cwd: '/', env: {} };
  const result = await spawnWorker(plan, logs, { notify: false }).then(
    running => running.exited,
    ({ code, message }) => ({ code, message }),
  );
  taken.slice(0, 5).forEach(descriptor => { try { closeSync(descriptor); } catch {} });
  process.stdout.write(JSON.stringify(result));
  process.exit();
});
`;

function startWithoutDescriptors(freeAfterMs: string): unknown {
  const folder = temporaryFolder();
  const { stdout, stderr } = spawnSync(
    'sh',
    ['-c', 'ulimit -n 300; exec "$@"', 'sh', process.execPath, '-e', program, folder, freeAfterMs],
    { cwd: join(repository), encoding: 'utf8', timeout: 20_000 },
  );
  try {
    return JSON.parse(stdout);
  } catch {
    throw new Error(stdout + stderr);
  }
}

test('FAULT 57: spawnWorker() tries again when there is no descriptor left', () => {
  expect(startWithoutDescriptors('100')).toEqual({ code: 0, signal: null });
});

test('FAULT 57: spawnWorker() names the limit when there is none for a second', () => {
  expect(startWithoutDescriptors('never')).toEqual({
    code: 'SPAWN_FAILED',
    message: expect.stringMatching(/"\/bin\/true" with EMFILE, and again for a second: .*\(ulimit -n\)$/),
  });
});
