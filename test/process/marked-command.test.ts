import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchPlan } from '../../src/launch/plan.ts';
import { markedCommand } from '../../src/process/marked-command.ts';
import { readCommandLine } from '../../src/process/table/process-table.ts';
import { readRawCommandLine } from '../../src/process/table/raw-command-line.ts';
import { limitMarkOf } from '../../src/process/tree/limit-mark.ts';
import { repository } from '../end-to-end/harness/folders.ts';
import { own, temporaryFolder, uniqueId, uniqueSleep } from './own-processes.ts';

jest.setTimeout(60_000);

/** A process of its own starts a worker, keeps `busyMs` long a file open for writing, and counts what it waits for. */
const program = `
const childProcess = require('node:child_process');
let waitedFor = 0;
for (const name of ['spawnSync', 'execSync', 'execFileSync']) {
  const real = childProcess[name];
  childProcess[name] = (...args) => { waitedFor += 1; return real(...args); };
}
const { closeSync, openSync, readFileSync } = require('node:fs');
const { openLogFiles } = require('./dist/logs/open-log-files.js');
const { readCommandLine } = require('./dist/process/table/process-table.js');
const { spawnWorker } = require('./dist/process/spawn-worker.js');
const { folder, plan, notify, busyFile, busyMs } = JSON.parse(readFileSync(0, 'utf8'));
const logs = openLogFiles(folder, 'ops');
setTimeout(() => process.exit(1), 20_000);
if (busyFile) {
  const busy = openSync(busyFile, 'a');
  if (busyMs) setTimeout(closeSync, busyMs, busy);
}
async function report(running) {
  const command = readCommandLine(running.leader.pid);
  if (notify) await running.notified;
  return { ...(await running.exited), command };
}
spawnWorker(plan, logs, { notify })
  .then(report, ({ code, message }) => ({ code, message }))
  .then(result => process.stdout.write(JSON.stringify({ ...result, waitedFor }), () => process.exit()));
`;

interface Wanted {
  readonly args?: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly notify?: boolean;
  readonly busyFile?: string;
  readonly busyMs?: number;
  /** Looked into first by who starts the worker. */
  readonly path?: string;
}

function planOf(file: string, args: readonly string[]): LaunchPlan {
  const rest = { cwd: '/', provenance: {}, withheld: [], ports: {} };
  const executable = { rule: 'path', asked: file, tried: [file] } as const;
  return { worker: 'ops', id: uniqueId(), file, args, env: { PATH: '/usr/bin:/bin' }, executable, ...rest };
}

function startWorker(file: string, wanted: Wanted = {}) {
  const { args = [], cwd = '/', env = {}, notify = false, busyFile, busyMs, path = '/usr/bin' } = wanted;
  const folder = temporaryFolder();
  const plain = planOf(file, args);
  const plan = { ...plain, cwd, env: { ...plain.env, ...env } };
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', program], {
    cwd: join(repository),
    env: { ...process.env, PATH: `${path}:${process.env.PATH}` },
    input: JSON.stringify({ folder, plan, notify, busyFile, busyMs }),
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (!stdout.startsWith('{')) throw new Error(stdout + stderr);
  const log = (stream: string) => readFileSync(join(folder, `ops.${stream}.log`), 'utf8');
  return { ...JSON.parse(stdout), mark: limitMarkOf(plan.id), stdout: log('stdout'), stderr: log('stderr') };
}

function script(text: string, mode = 0o755): string {
  const path = join(temporaryFolder(), 'worker');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

const showLimit = ['-c', `awk '/file locks/ { print $4, $5 }' /proc/self/limits`];

test('spawnWorker() marks the launch, and waits for no other process on the way', () => {
  const { mark, ...rest } = startWorker('/bin/sh', { args: showLimit });
  expect(rest).toMatchObject({
    code: 0,
    signal: null,
    waitedFor: 0,
    stdout: `${mark} unlimited\n`,
    stderr: '',
  });
});

test('spawnWorker() starts the very command, with its environment and as the leader of its session', () => {
  const shown = `[process.argv0, process.env, require('fs').readFileSync('/proc/self/cmdline', 'utf8'),
    require('fs').readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ').slice(2, 4).map(id => id == process.pid)]`;
  const args = ['-e', `console.log(JSON.stringify(${shown}));require('fs').writeSync(3, '\\n')`];
  const result = startWorker(process.execPath, { args, env: { SHOWN: 'yes' }, notify: true });
  expect(result).toMatchObject({ code: 0, waitedFor: 0, stderr: '' });
  expect(JSON.parse(result.stdout)).toEqual([
    process.execPath,
    { PATH: '/usr/bin:/bin', SHOWN: 'yes', LIVE_WORKER_READY_FD: '3' },
    `${[process.execPath, ...args].join('\0')}\0`,
    [true, true],
  ]);
  expect(result.command).toBe([process.execPath, ...args].join(' ').replace(/\s+/g, ' '));
});

test('readCommandLine() shows the worker from the first moment', () => {
  const seenBefore: string[] = [];
  for (let count = 0; count < 20; count += 1) {
    const words = uniqueSleep().split(' ');
    const marked = markedCommand(planOf('/bin/sleep', words.slice(1)));
    const { pid = 0 } = spawn(marked?.file ?? '', marked?.args ?? [], {
      argv0: marked?.argv0,
      detached: true,
    });
    own(pid);
    const raw = readRawCommandLine(pid);
    if (raw.startsWith(`${marked?.argv0}\0`)) seenBefore.push(raw);
    expect([`/bin/sleep ${words[1]}`, '']).toContain(readCommandLine(pid));
  }
  expect(seenBefore).not.toEqual([]);
});

test('spawnWorker() starts a script by its shebang', () => {
  const file = script('#!/bin/sh\necho "$0 $1"\n');
  expect(startWorker(file, { args: ['-x'] })).toMatchObject({ code: 0, stdout: `${file} -x\n`, stderr: '' });
});

const refusals: readonly (readonly [string, string, () => readonly [string, Wanted?]])[] = [
  ['a program that is gone', 'ENOENT', () => [join(temporaryFolder(), 'gone')]],
  ['a script whose interpreter is gone', 'ENOENT', () => [script('#!/nowhere/sh\n')]],
  [
    'a working directory that is gone',
    'ENOENT',
    () => ['/bin/true', { cwd: join(temporaryFolder(), 'gone') }],
  ],
  ['a file that is not executable', 'EACCES', () => [script('#!/bin/sh\n', 0o644)]],
  ['a folder', 'EACCES', () => [temporaryFolder()]],
  ['a word that is too long', 'E2BIG', () => ['/bin/true', { args: ['x'.repeat(200_000)] }]],
];

test.each(refusals)('spawnWorker() says of %s that it is refused with %s', (_, systemCode, make) => {
  const [file, wanted] = make();
  expect(startWorker(file, wanted)).toMatchObject({
    code: 'SPAWN_FAILED',
    message: `Cannot start worker "ops": the system refused "${file}" with ${systemCode}`,
  });
});

test('spawnWorker() leaves in the log what was said on the way to a refusal', () => {
  const file = script('#!/bin/sh\n', 0o644);
  const { stderr, mark } = startWorker(file);
  expect(stderr).toMatch(new RegExp(`^live-worker-${mark}: .*${file}.*\\n$`));
});

test('spawnWorker() tries again, and marks the launch, when another process is still writing the file', () => {
  const file = join(temporaryFolder(), 'sh');
  copyFileSync('/bin/sh', file);
  const { mark, ...rest } = startWorker(file, { args: showLimit, busyFile: file, busyMs: 150 });
  expect(rest).toMatchObject({ code: 0, stdout: `${mark} unlimited\n` });
});

test('spawnWorker() says so when somebody does not stop writing the file', () => {
  const file = join(temporaryFolder(), 'sh');
  copyFileSync('/bin/sh', file);
  expect(startWorker(file, { busyFile: file })).toMatchObject({
    code: 'SPAWN_FAILED',
    message: expect.stringMatching(
      /with ETXTBSY, and again for a second: another process is still writing the file$/,
    ),
  });
});

test('spawnWorker() hands what no kernel knows to the shell, as before', () => {
  expect(startWorker(script('echo "by a shell"\n'))).toMatchObject({ code: 0, stdout: 'by a shell\n' });
});

test.each([1, 126, 127])(
  'spawnWorker() starts a worker once that ends with %d and the words of prlimit',
  code => {
    const text = `prlimit: failed to execute /bin/sh: Permission denied`;
    const args = ['-c', `echo once; echo '${text}' >&2; exit ${code}`];
    expect(startWorker('/bin/sh', { args })).toMatchObject({ code, stdout: 'once\n', stderr: `${text}\n` });
  },
);

test('spawnWorker() preloads a library into the worker alone', () => {
  const { mark, ...rest } = startWorker('/bin/true', { env: { LD_PRELOAD: '/nowhere/lib.so' } });
  expect(rest.code).toBe(0);
  expect(rest.stderr.match(/nowhere/g)).toHaveLength(1);
});

test('spawnWorker() starts a worker whose libraries are none for prlimit', () => {
  const libraries = temporaryFolder();
  writeFileSync(join(libraries, 'libsmartcols.so.1'), 'no library');
  const { mark, ...rest } = startWorker('/bin/sh', { args: showLimit, env: { LD_LIBRARY_PATH: libraries } });
  expect(rest).toMatchObject({ code: 0, stdout: `${mark} unlimited\n` });
  expect(rest.stderr).toContain(`live-worker-${mark}: `);
});

test('spawnWorker() starts a worker without the mark where prlimit does not take it', () => {
  const path = temporaryFolder();
  copyFileSync('/bin/sleep', join(path, 'prlimit'));
  const { mark, ...rest } = startWorker('/bin/sh', { args: showLimit, path });
  expect(rest.code).toBe(0);
  expect(rest.stdout).not.toContain(String(mark));
});
