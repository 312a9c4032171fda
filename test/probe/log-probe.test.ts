import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogCursor } from '../../src/logs/log-cursor.ts';
import { closeLogFiles, type LogFiles, openLogFiles } from '../../src/logs/open-log-files.ts';
import type { PatternSource } from '../../src/options/probe-options.ts';
import { logProbe } from '../../src/probe/log-probe.ts';

let folder: string;
let logs: LogFiles;
const { signal } = new AbortController();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-probe-'));
  logs = openLogFiles(folder, 'ops');
});
afterEach(() => {
  closeLogFiles(logs);
  rmSync(folder, { recursive: true });
});

function openLog(stream: 'stdout' | 'stderr') {
  const cursor = new LogCursor(logs[stream], logs[stream].mark(0));
  return {
    next() {
      const piece = cursor.next();
      return piece?.kind === 'truncated' ? { note: `${stream} was truncated` } : piece;
    },
  };
}
const write = (bytes: string | Uint8Array, stream: 'stdout' | 'stderr' = 'stdout') =>
  appendFileSync(logs[stream].path, bytes);

function probing(pattern: string | PatternSource, stream: 'stdout' | 'stderr' | 'both' = 'both') {
  const probe = logProbe({ kind: 'log', pattern, stream }, openLog);
  return { ...probe, isReady: async () => (await probe.check(signal)).kind === 'ready' };
}

test('logProbe() waits for the text', async () => {
  const probe = probing('ready for action');
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why: 'it has not been written yet' });
  write('worker is ready for action.\n');
  expect(await probe.isReady()).toBe(true);
});

test('FAULT 34: logProbe() finds what was written in pieces', async () => {
  const probe = probing('ready for action');
  write('ready for');
  expect(await probe.isReady()).toBe(false);
  write(' action');
  expect(await probe.isReady()).toBe(true);
});

test('FAULT 35: logProbe() finds a character whose bytes were written in pieces', async () => {
  const probe = probing('café ouvert');
  const [first, second] = Buffer.from('é');
  write('caf');
  write(Uint8Array.of(first as number));
  expect(await probe.isReady()).toBe(false);
  write(Uint8Array.of(second as number));
  write(' ouvert');
  expect(await probe.isReady()).toBe(true);
});

test('FAULT 35: logProbe() sees through colours, also half-written ones', async () => {
  const probe = probing('celery@host ready');
  write('\u001b[32mcelery@host\u001b[');
  expect(await probe.isReady()).toBe(false);
  write('0m rea\u001b[1mdy\u001b[0m');
  expect(await probe.isReady()).toBe(true);
});

test('logProbe() looks at the stream it was told to', async () => {
  write('ready', 'stderr');
  expect(await probing('ready', 'stdout').isReady()).toBe(false);
  expect(await probing('ready', 'stderr').isReady()).toBe(true);
  expect(await probing('ready', 'both').isReady()).toBe(true);
});

test('logProbe() does not mix the streams', async () => {
  write('rea');
  write('dy', 'stderr');
  expect(await probing('ready').isReady()).toBe(false);
});

test.each([
  ['a text is searched literally', 'a.c (', 'abc (', false],
  ['a pattern is a RegExp', { source: 'a.c', flags: '' }, 'abc', true],
  ['flags count', { source: '^READY$', flags: 'im' }, 'x\nready\ny', true],
])('logProbe(): %s', async (_, pattern, written, isReady) => {
  write(written);
  expect(await probing(pattern).isReady()).toBe(isReady);
});

test.each(['g', 'y', 'gy'])('logProbe() forgets where a RegExp with the flags %s stopped', async flags => {
  const probe = probing({ source: 'ready', flags });
  write('not ready');
  expect([await probe.isReady(), await probe.isReady(), await probe.isReady()]).toEqual([true, true, true]);
});

test('logProbe() says what it waits for', () => {
  expect(probing('ready').description).toBe('output holds "ready"');
  expect(probing({ source: 'a/b', flags: 'i' }, 'stderr').description).toBe('stderr holds /a\\/b/i');
});

test('FAULT 38: logProbe() finds a text in a flood, also across the pieces it reads', async () => {
  const probe = probing('ready for action');
  for (let count = 0; count < 20; count += 1) write(Buffer.alloc(1024 * 1024, 'x'));
  write('\nready for');
  const early = await probe.isReady();
  write(' action');
  const asked = [early, await probe.isReady(), await probe.isReady(), await probe.isReady()];
  expect(asked.slice(0, 2)).toEqual([false, false]);
  expect(asked.at(-1)).toBe(true);
});

test('FAULT 38: logProbe() takes no later line for the beginning of the output', async () => {
  const probe = probing({ source: '^ready', flags: '' });
  const line = `${'x'.repeat(65_520)}\n`;
  for (let count = 0; count < 40; count += 1) write(line);
  write('ready\n');
  expect([await probe.isReady(), await probe.isReady()]).toEqual([false, false]);
});

test('FAULT 40: logProbe() says what it may have missed', async () => {
  const probe = probing('ready');
  write('starting up\n');
  await probe.check(signal);
  writeFileSync(logs.stderr.path, 'x');
  writeFileSync(logs.stdout.path, 're');
  expect(await probe.check(signal)).toEqual({
    kind: 'pending',
    why: 'it has not been written yet; stdout was truncated',
  });
  write('ady');
  expect(await probe.isReady()).toBe(true);
});

test('logProbe() gives up a pattern that backtracks without end, and says which', async () => {
  const probe = probing({ source: '(a+)+$', flags: '' });
  write(`${'a'.repeat(60)}!`);
  const start = performance.now();
  expect(await probe.check(signal)).toMatchObject({ kind: 'pending' });
  expect(await probe.check(signal)).toEqual({
    kind: 'fatal',
    why: expect.stringContaining('the pattern /(a+)+$/ was given up after 1000 ms'),
  });
  expect(performance.now() - start).toBeLessThan(8_000);
}, 20_000);
