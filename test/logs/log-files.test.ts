import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LogFile } from '../../src/logs/log-file.ts';
import { closeLogFiles, type LogFiles, openLogFiles } from '../../src/logs/open-log-files.ts';
import { readLogFrom } from '../../src/logs/read-log.ts';
import { temporaryFolder } from '../process/own-processes.ts';

const mebibyte = 1024 * 1024;
const opened: LogFiles[] = [];
const allOf = (file: LogFile) => readLogFrom(file, file.mark(0)).text;

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
  expect(allOf(openLogs(folder).stdout)).toBe('first launch\n');
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

test('readLogFrom() reads from the mark to the end', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'before ');
  const mark = stdout.mark();
  appendFileSync(stdout.path, 'ändert nichts');
  expect(mark.offset).toBe(7);
  expect(readLogFrom(stdout, mark)).toEqual({ text: 'ändert nichts', notes: [] });
  expect(readLogFrom(stdout, stdout.mark())).toEqual({ text: '', notes: [] });
});

const truncated = (bytes: number) =>
  expect.stringMatching(
    new RegExp(`^stdout was truncated at \\d\\d:\\d\\d:\\d\\d: at least ${bytes} bytes are lost$`),
  );

test('FAULT 40: readLogFrom() reads a truncated file from its beginning, and says so', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'a long line before\n');
  const mark = stdout.mark();
  writeFileSync(stdout.path, 'anew\n');
  expect(readLogFrom(stdout, mark)).toEqual({ text: 'anew\n', notes: [truncated(19)] });
  expect(readLogFrom(stdout, stdout.mark())).toEqual({ text: '', notes: [] });
});

test('FAULT 40: readLogFrom() notices a truncated file that has grown beyond the mark again', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'short\n');
  const mark = stdout.mark();
  writeFileSync(stdout.path, 'anew and longer than before\n');
  expect(readLogFrom(stdout, mark)).toEqual({ text: 'anew and longer than before\n', notes: [truncated(6)] });
});

test('FAULT 40: a truncation is said for every mark before it, and for none behind it', () => {
  const { stdout } = openLogs();
  const start = stdout.mark(0);
  appendFileSync(stdout.path, 'one\n');
  const first = stdout.mark();
  writeFileSync(stdout.path, '');
  appendFileSync(stdout.path, 'two\n');
  expect([start, first].map(mark => stdout.truncatedSince(mark)?.bytes)).toEqual([4, 4]);
  const second = stdout.mark();
  appendFileSync(stdout.path, 'three\n');
  expect(readLogFrom(stdout, second)).toEqual({ text: 'three\n', notes: [] });
  expect(readLogFrom(stdout, start)).toEqual({ text: 'two\nthree\n', notes: [truncated(4)] });
});

test('FAULT 38: readLogFrom() reads the last 16 MiB of more, and says so', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, Buffer.alloc(mebibyte, 'a'));
  for (let count = 0; count < 16; count += 1) appendFileSync(stdout.path, Buffer.alloc(mebibyte, 'b'));
  const { text, notes } = readLogFrom(stdout, stdout.mark(0));
  expect(text).toHaveLength(16 * mebibyte);
  expect(text.includes('a')).toBe(false);
  expect(notes).toEqual([
    `stdout grew by ${17 * mebibyte} bytes, of which these are the last ${16 * mebibyte}; the whole is in ${stdout.path}`,
  ]);
  expect(readLogFrom(stdout, stdout.mark(mebibyte + 5)).text).toHaveLength(16 * mebibyte - 5);
});

test('FAULT 40: readLogFrom() reads a file that was deleted or renamed, which moved() tells', () => {
  const { stdout, stderr } = openLogs();
  expect(stdout.moved()).toBeUndefined();
  appendFileSync(stdout.path, 'still here');
  rmSync(stdout.path);
  expect(readLogFrom(stdout, stdout.mark(6)).text).toBe('here');
  expect(stdout.moved()).toBe('deleted');
  renameSync(stderr.path, `${stderr.path}.1`);
  writeFileSync(stderr.path, 'somebody else’s\n');
  expect(stderr.moved()).toBe('renamed');
  expect(allOf(stderr)).toBe('');
});

test('read() reads what there is', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, '0123456789');
  expect(stdout.read(2, 5).toString()).toBe('234');
  expect(stdout.read(8, 100).toString()).toBe('89');
  expect(stdout.read(5, 5)).toHaveLength(0);
  expect(stdout.read(50, 60)).toHaveLength(0);
});

test('FAULT 35: a slice begins and ends between characters and escape sequences, wherever they were cut', () => {
  const written = Buffer.from('a\u001b[1;32mé\u001b[0m→\u001b[Kready 😀\n');
  for (let cut = 0; cut <= written.length; cut += 1) {
    const { stdout } = openLogs();
    appendFileSync(stdout.path, written.subarray(0, cut));
    const begin = readLogFrom(stdout, stdout.mark(0)).text;
    const mark = stdout.mark();
    appendFileSync(stdout.path, written.subarray(cut));
    const end = readLogFrom(stdout, mark).text;
    expect(begin + end).toBe(written.toString());
    expect(end).toMatch(/^(?:$|\u001b\[[\d;]+m|\u001b\[K|[aé→😀redy \n])/u);
  }
});

test('FAULT 35: the beginning of a bounded reading is no half a character', () => {
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'é'.repeat(8));
  expect(readLogFrom(stdout, stdout.mark(0), 5).text).toBe('éé');
  expect(readLogFrom(stdout, stdout.mark(0), 16).text).toBe('é'.repeat(8));
});

test('a log that is closed has nothing in it, whoever has its descriptor now', () => {
  const folder = temporaryFolder();
  const { stdout: first, stderr } = openLogFiles(folder, 'first');
  appendFileSync(first.path, 'mine');
  const mark = first.mark();
  first.close();
  first.close();
  stderr.close();
  const { stdout } = openLogs();
  appendFileSync(stdout.path, 'somebody else’s');
  expect(stdout.descriptor).toBe(first.descriptor);
  expect([first.size(), allOf(first), readLogFrom(first, mark), first.moved()]).toEqual([
    0,
    '',
    { text: '', notes: [] },
    undefined,
  ]);
});
