import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineSearch } from '../../src/logs/line-search.ts';
import { LogCursor } from '../../src/logs/log-cursor.ts';
import { closeLogFiles, openLogFiles } from '../../src/logs/open-log-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'line-search-'));
const logs = openLogFiles(folder, 'ops');
afterAll(() => {
  closeLogFiles(logs);
  rmSync(folder, { recursive: true });
});

function search(pattern: RegExp): LineSearch {
  return new LineSearch(new LogCursor(logs.stdout, logs.stdout.mark(0)), pattern);
}

test('LineSearch finds a line behind 200 MB of blank ones in less than two seconds of its own', () => {
  for (let count = 0; count < 200; count += 1)
    appendFileSync(logs.stderr.path, Buffer.alloc(1_000_000, '\n'));
  appendFileSync(logs.stderr.path, 'worker ready\n');
  const inAll = new LineSearch(new LogCursor(logs.stderr, logs.stderr.mark(0)), /^worker ready$/);
  const before = process.cpuUsage();
  let found: string | undefined;
  do found = inAll.next();
  while (found === undefined && inAll.hasMore);
  expect(found).toBe('worker ready');
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(2_000);
  expect(new LineSearch(new LogCursor(logs.stderr, logs.stderr.mark(0)), /^$/).next()).toBe('');
});

test('LineSearch gives up a pattern that backtracks without end', () => {
  appendFileSync(logs.stdout.path, `first line\n${'a'.repeat(60)}!\nready now\n`);
  expect(search(/^ready/).next()).toBe('ready now');
  expect(search(/never/).next()).toBe(undefined);
  expect(() => search(/^(a+)+$/).next()).toThrow('the pattern /^(a+)+$/ was given up after 1000 ms');
}, 20_000);
