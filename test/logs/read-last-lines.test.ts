import { appendFileSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import type { LogFile } from '../../src/logs/log-file.ts';
import { closeLogFiles, type LogFiles, openLogFiles } from '../../src/logs/open-log-files.ts';
import { readLastLines } from '../../src/logs/read-last-lines.ts';
import { temporaryFolder } from '../process/own-processes.ts';

const mebibyte = 1024 * 1024;
let logs: LogFiles;
let file: LogFile;

beforeEach(() => {
  logs = openLogFiles(temporaryFolder(), 'ops');
  file = logs.stderr;
});
afterEach(() => closeLogFiles(logs));

const read = (count = 5) => readLastLines(file, file.mark(0), count);

test('readLastLines() reads the last lines that are not blank', () => {
  appendFileSync(file.path, 'one\r\n\n  two\n \t\nthree\n\nfour');
  expect(read(3)).toEqual({ lines: ['  two', 'three', 'four'], total: 4, bytes: 26 });
  expect(read(0)).toMatchObject({ lines: [], total: 4 });
});

test('readLastLines() reads nothing of an empty log, and tells blank lines from nothing', () => {
  expect(read()).toEqual({ lines: [], total: 0, bytes: 0 });
  appendFileSync(file.path, '\n\n');
  expect(read()).toEqual({ lines: [], total: 0, bytes: 2 });
});

test.each(['', '\n'])('readLastLines() keeps the line before one of 3 MiB, which ends in %j', end => {
  appendFileSync(file.path, `fatal: no broker\n${'x'.repeat(3 * mebibyte)}${end}`);
  const { lines, total } = read();
  expect(lines.map(line => line.slice(0, 16))).toEqual(['fatal: no broker', 'x'.repeat(16)]);
  expect([lines[1]?.length, total]).toEqual([16 * 1024, 2]);
});

test('readLastLines() finds what stands before 200 MB of blank lines', () => {
  appendFileSync(file.path, 'fatal: no broker\n');
  for (let count = 0; count < 200; count += 1) appendFileSync(file.path, Buffer.alloc(1_000_000, '\n'));
  const before = process.memoryUsage().rss;
  const { lines, bytes } = read();
  expect(lines).toEqual(['fatal: no broker']);
  expect(bytes).toBe(200_000_017);
  expect(process.memoryUsage().rss - before).toBeLessThan(64 * mebibyte);
  writeFileSync(file.path, '');
});

test('readLastLines() does not count without end', () => {
  for (let count = 0; count < 20; count += 1) appendFileSync(file.path, 'line\n'.repeat(mebibyte / 4));
  expect(read(2)).toMatchObject({ lines: ['line', 'line'], total: undefined });
});

test('readLastLines() begins at the mark, and keeps characters whole', () => {
  appendFileSync(file.path, 'before\n');
  const mark = file.mark();
  appendFileSync(file.path, `é${'é'.repeat(16 * 1024)}\n`);
  const { lines } = readLastLines(file, mark, 9);
  expect(lines).toEqual(['é'.repeat(8 * 1024)]);
});

test('readLastLines() reads what splitting the whole would give', () => {
  const line = fc.oneof(fc.constantFrom('', ' ', '\t', '\r'), fc.string({ maxLength: 6 }));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), fc.nat(6), (lines, count) => {
      const text = lines.join('\n').replaceAll('\0', '');
      writeFileSync(file.path, '');
      const mark = file.mark();
      appendFileSync(file.path, text);
      const wanted = text
        .split('\n')
        .map(each => each.replace(/[\0-\x1a\x1c- ]+$/, ''))
        .filter(each => each !== '');
      expect(readLastLines(file, mark, count).lines).toEqual(count === 0 ? [] : wanted.slice(-count));
    }),
  );
});
