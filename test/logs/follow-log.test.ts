import { EventEmitter } from 'node:events';
import fs, { appendFileSync, type FSWatcher, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { followLog, type LogFollower } from '../../src/logs/follow-log.ts';
import type { LogFile } from '../../src/logs/log-file.ts';
import { closeLogFiles, type LogFiles, openLogFiles } from '../../src/logs/open-log-files.ts';
import { temporaryFolder } from '../process/own-processes.ts';

const mebibyte = 1024 * 1024;
let logs: LogFiles;
let file: LogFile;
let followers: LogFollower[];

beforeEach(() => {
  logs = openLogFiles(temporaryFolder(), 'ops');
  file = logs.stdout;
  followers = [];
});
afterEach(() => {
  jest.useRealTimers();
  jest.restoreAllMocks();
  for (const follower of followers) follower.close();
  closeLogFiles(logs);
});

function following(offset = 0) {
  const chunks: string[] = [];
  const skipped: number[] = [];
  const busy = { now: false };
  let truncations = 0;
  const follower = followLog(file, file.mark(offset), {
    onChunk(chunk) {
      if (chunk.kind === 'text') chunks.push(chunk.text);
      else truncations += 1;
    },
    onSkipped: bytes => skipped.push(bytes),
    isBusy: () => busy.now,
  });
  followers.push(follower);
  const text = () => chunks.join('');
  async function until(wanted: string): Promise<void> {
    while (text() !== wanted) await sleep(2);
  }
  return {
    chunks,
    text,
    until,
    skipped,
    busy,
    truncations: () => truncations,
    close: () => follower.close(),
  };
}
const write = (bytes: string | Uint8Array) => appendFileSync(file.path, bytes);

test('followLog() hands over what is written, as it comes', async () => {
  const { until } = following();
  write('one\n');
  await until('one\n');
  write('two');
  await until('one\ntwo');
});

test('followLog() begins at the offset', async () => {
  write('before ');
  const { until } = following(7);
  write('after');
  await until('after');
});

test('followLog() hands over the rest when it is closed, and nothing more', async () => {
  const { text, close } = following();
  write('last words');
  close();
  expect(text()).toBe('last words');
  write('from the grave');
  await sleep(20);
  expect(text()).toBe('last words');
});

test('FAULT 40: followLog() follows a truncated file from its new beginning', async () => {
  const { until, truncations } = following();
  write('a long line\n');
  await until('a long line\n');
  writeFileSync(file.path, 'anew\n');
  await until('a long line\nanew\n');
  expect(truncations()).toBe(1);
});

test('FAULT 40: followLog() follows a truncated file that is longer than before when it looks', () => {
  const { text, truncations, close, busy } = following();
  write('line\n');
  busy.now = true;
  close();
  expect(text()).toBe('line\n');
  const second = following(5);
  second.busy.now = true;
  writeFileSync(file.path, 'a much longer line\n');
  second.close();
  expect([second.text(), truncations(), second.truncations()]).toEqual(['a much longer line\n', 0, 1]);
});

test('followLog() survives a truncation to nothing', async () => {
  const { until } = following();
  write('line\n');
  await until('line\n');
  truncateSync(file.path, 0);
  write('li\n');
  await until('line\nli\n');
});

test('followLog() keeps characters whole that are written in chunks', async () => {
  const { chunks, until } = following();
  const [first, ...rest] = Buffer.from('😀');
  write('smile ');
  write(Uint8Array.of(first as number));
  await until('smile ');
  write(Uint8Array.from(rest));
  await until('smile 😀');
  expect(chunks.join('|')).not.toContain('\ufffd');
});

test('followLog() forgets half a character that was truncated', async () => {
  const { until } = following();
  write(Buffer.concat([Buffer.from('caf'), Buffer.from('é').subarray(0, 1)]));
  await until('caf');
  writeFileSync(file.path, 'a');
  await until('cafa');
});

test('followLog() reads much in slices, characters between them whole', () => {
  const { chunks, text, close } = following();
  const much = `${'a'.repeat(mebibyte - 1)}é${'b'.repeat(mebibyte)}`;
  write(much);
  close();
  expect(text() === much).toBe(true);
  expect(chunks.length).toBeGreaterThan(1);
});

test('followLog() may be closed by what it hands over', async () => {
  const seen: string[] = [];
  const follower = followLog(file, file.mark(0), {
    onChunk(chunk) {
      seen.push(chunk.kind === 'text' ? chunk.text : '');
      follower.close();
    },
    onSkipped: () => {},
  });
  write('once');
  while (seen.length === 0) await sleep(2);
  expect(seen).toEqual(['once']);
});

test('FAULT 40: followLog() goes on when the file is deleted', async () => {
  const { until } = following();
  rmSync(file.path);
  fs.writeSync(file.descriptor, 'still heard');
  await until('still heard');
});

test('FAULT 41: followLog() looks every 50 ms when the kernel has no watch left', () => {
  jest.useFakeTimers();
  const none = Object.assign(new Error('no space left on device, watch'), { code: 'ENOSPC' });
  jest.spyOn(fs, 'watch').mockImplementation(() => {
    throw none;
  });
  const { text } = following();
  write('polled');
  jest.advanceTimersByTime(49);
  expect(text()).toBe('');
  jest.advanceTimersByTime(1);
  expect(text()).toBe('polled');
});

test('FAULT 41: followLog() looks every 250 ms at a file system that gives no events, also after an error', () => {
  jest.useFakeTimers();
  const watcher = Object.assign(new EventEmitter(), { close: jest.fn() });
  jest.spyOn(fs, 'watch').mockReturnValue(watcher as unknown as FSWatcher);
  const { text } = following();
  watcher.emit('error', new Error('EMFILE'));
  expect(watcher.close).toHaveBeenCalledTimes(1);
  write('polled');
  jest.advanceTimersByTime(249);
  expect(text()).toBe('');
  jest.advanceTimersByTime(1);
  expect(text()).toBe('polled');
});

test('followLog() leaves no timer behind', () => {
  jest.useFakeTimers();
  following().close();
  expect(jest.getTimerCount()).toBe(0);
});

test('FAULT 38: followLog() keeps at most 16 MiB for somebody who is busy, and says what it left out', () => {
  const { chunks, skipped, busy, text, close } = following();
  busy.now = true;
  write('first');
  for (let count = 0; count < 17; count += 1) write(Buffer.alloc(mebibyte, 'a'));
  write('last');
  close();
  expect(skipped).toEqual([mebibyte + 9]);
  expect(text()).toHaveLength(16 * mebibyte);
  expect(text().endsWith('last')).toBe(true);
  expect(Math.max(...chunks.map(chunk => chunk.length))).toBe(mebibyte);
});
