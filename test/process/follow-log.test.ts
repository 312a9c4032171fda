import { EventEmitter } from 'node:events';
import fs, { appendFileSync, type FSWatcher, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { followLog, type LogFollower } from '../../src/process/follow-log.ts';
import {
  closeLogFiles,
  type LogFile,
  type LogFiles,
  openLogFiles,
} from '../../src/process/open-log-files.ts';
import { temporaryFolder } from './own-processes.ts';

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
  const pieces: string[] = [];
  const follower = followLog(file, offset, text => pieces.push(text));
  followers.push(follower);
  const text = () => pieces.join('');
  async function until(wanted: string): Promise<void> {
    while (text() !== wanted) await sleep(2);
  }
  return { pieces, text, until, close: () => follower.close() };
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

test('followLog() follows a truncated file from its new beginning', async () => {
  const { until } = following();
  write('a long line\n');
  await until('a long line\n');
  writeFileSync(file.path, 'anew\n');
  await until('a long line\nanew\n');
});

test('followLog() survives a truncation to nothing', async () => {
  const { until } = following();
  write('line\n');
  await until('line\n');
  truncateSync(file.path, 0);
  write('li\n');
  await until('line\nli\n');
});

test('followLog() keeps characters whole that are written in pieces', async () => {
  const { pieces, until } = following();
  const [first, ...rest] = Buffer.from('😀');
  write('smile ');
  write(Uint8Array.of(first as number));
  await until('smile ');
  write(Uint8Array.from(rest));
  await until('smile 😀');
  expect(pieces.join('|')).not.toContain('\ufffd');
});

test('followLog() forgets half a character that was truncated', async () => {
  const { until } = following();
  write(Buffer.concat([Buffer.from('caf'), Buffer.from('é').subarray(0, 1)]));
  await until('caf');
  writeFileSync(file.path, 'a');
  await until('cafa');
});

test('followLog() reads much in slices, characters between them whole', () => {
  const { pieces, text, close } = following();
  const much = `${'a'.repeat(mebibyte - 1)}é${'b'.repeat(mebibyte)}`;
  write(much);
  close();
  expect(text() === much).toBe(true);
  expect(pieces.length).toBeGreaterThan(1);
});

test('followLog() may be closed by what it hands over', async () => {
  const seen: string[] = [];
  const follower = followLog(file, 0, text => {
    seen.push(text);
    follower.close();
  });
  write('once');
  while (seen.length === 0) await sleep(2);
  expect(seen).toEqual(['once']);
});

test('followLog() goes on when the file is deleted', async () => {
  const { until } = following();
  rmSync(file.path);
  fs.writeSync(file.descriptor, 'still heard');
  await until('still heard');
});

test('followLog() looks every 50 ms when the kernel has no watch left', () => {
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

test('followLog() looks every 250 ms at a file system that gives no events, also after an error', () => {
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
