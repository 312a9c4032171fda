import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { closeLogFiles, type LogFiles, logSize, openLogFiles } from '../../src/process/open-log-files.ts';
import { readLogFrom, readLogSlice } from '../../src/process/read-log.ts';
import { temporaryFolder } from './own-processes.ts';

const mebibyte = 1024 * 1024;
const opened: LogFiles[] = [];

afterEach(() => {
  for (const logs of opened.splice(0)) closeLogFiles(logs);
});

function openLogs(folder = temporaryFolder()): LogFiles {
  const logs = openLogFiles(folder, 'ops');
  opened.push(logs);
  return logs;
}

test('openLogFiles() makes both files before there is a worker, for its owner alone', () => {
  const folder = join(temporaryFolder(), 'run', 'file');
  const { stdout, stderr } = openLogs(folder);
  expect([stdout.path, stderr.path]).toEqual([
    join(folder, 'ops.stdout.log'),
    join(folder, 'ops.stderr.log'),
  ]);
  for (const { path } of [stdout, stderr]) expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test('openLogFiles() keeps what is in the files', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'ops.stdout.log'), 'first launch\n');
  expect(readLogFrom(openLogs(folder).stdout, 0)).toBe('first launch\n');
});

test('openLogFiles() opens for appending: two writers lose nothing', () => {
  const { stdout } = openLogs();
  const write = (text: string) =>
    spawnSync('/bin/sh', ['-c', `echo ${text}`], { stdio: ['ignore', stdout.descriptor, 'ignore'] });
  write('one');
  appendFileSync(stdout.path, 'two\n');
  write('three');
  expect(readFileSync(stdout.path, 'utf8')).toBe('one\ntwo\nthree\n');
});

test('openLogFiles() names the files as /proc does, whatever link leads to them', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'real'));
  symlinkSync('real', join(folder, 'link'));
  expect(openLogs(join(folder, 'link')).stdout.path).toBe(join(folder, 'real', 'ops.stdout.log'));
});

test('openLogFiles() leaves nothing open when the second file cannot be opened', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'ops.stderr.log'));
  const before = openLogs();
  closeLogFiles(opened.pop() as LogFiles);
  expect(() => openLogFiles(folder, 'ops')).toThrow('EISDIR');
  expect(openLogs().stdout.descriptor).toBe(before.stdout.descriptor);
});

test('readLogFrom() reads from the offset to the end', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'before ');
  const offset = logSize(stdout);
  appendFileSync(stdout.path, 'ändert nichts');
  expect(offset).toBe(7);
  expect(readLogFrom(stdout, offset)).toBe('ändert nichts');
  expect(readLogFrom(stdout, logSize(stdout))).toBe('');
});

test('readLogFrom() reads a truncated file from its beginning', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'a long line before\n');
  const offset = logSize(stdout);
  writeFileSync(stdout.path, 'anew\n');
  expect(readLogFrom(stdout, offset)).toBe('anew\n');
});

test('readLogFrom() reads the last 16 MiB of more', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, Buffer.alloc(mebibyte, 'a'));
  for (let count = 0; count < 16; count += 1) appendFileSync(stdout.path, Buffer.alloc(mebibyte, 'b'));
  const text = readLogFrom(stdout, 0);
  expect(text).toHaveLength(16 * mebibyte);
  expect(text.includes('a')).toBe(false);
  expect(readLogFrom(stdout, mebibyte + 5)).toHaveLength(16 * mebibyte - 5);
});

test('readLogFrom() reads a file that was deleted', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'still here');
  rmSync(stdout.path);
  expect(readLogFrom(stdout, 6)).toBe('here');
});

test('readLogSlice() reads what there is', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, '0123456789');
  expect(readLogSlice(stdout, 2, 5).toString()).toBe('234');
  expect(readLogSlice(stdout, 8, 100).toString()).toBe('89');
  expect(readLogSlice(stdout, 5, 5)).toHaveLength(0);
  expect(readLogSlice(stdout, 50, 60)).toHaveLength(0);
});
