import fs, { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTimeline } from '../../src/records/timeline.ts';

let folder: string;
let path: string;
const troubles: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timeline-'));
  troubles.length = 0;
  path = join(folder, 'events.ndjson');
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const open = () => openTimeline(path, { mask: fields => fields, onTrouble: what => troubles.push(what) });
const lines = () => readFileSync(path, 'utf8').split('\n').slice(0, -1);
const events = () =>
  lines().map(line => JSON.parse(line) as { readonly atMs: number; readonly event: string });

test('record() writes one line of JSON at once', () => {
  const timeline = open();
  const before = Date.now();
  timeline.record('worker.spawned', { worker: 'ops', pid: 7, command: 'two\nlines' });
  expect(lines()).toHaveLength(1);
  expect(events()).toEqual([
    { atMs: expect.any(Number), event: 'worker.spawned', worker: 'ops', pid: 7, command: 'two\nlines' },
  ]);
  expect(Math.abs((events()[0]?.atMs ?? 0) - before)).toBeLessThan(1_000);
  timeline.close();
});

test('record() needs no fields, and leaves out those that are undefined', () => {
  const timeline = open();
  timeline.record('gate.opened');
  timeline.record('test.ended', { test: undefined });
  timeline.close();
  expect(events().map(event => Object.keys(event))).toEqual([
    ['atMs', 'event'],
    ['atMs', 'event'],
  ]);
});

test('record() has a clock with microseconds that never goes back', () => {
  const timeline = open();
  jest.spyOn(Date, 'now').mockReturnValue(0);
  for (let count = 0; count < 100; count += 1) timeline.record('tick');
  timeline.close();
  const times = events().map(({ atMs }) => atMs);
  expect([...times].sort((one, other) => one - other)).toEqual(times);
  expect(times[0]).toBeGreaterThan(1e12);
  expect(new Set(times).size).toBeGreaterThan(1);
  for (const time of times) expect(Number((time * 1_000).toFixed(2)) % 1).toBeCloseTo(0);
});

test('record() after close() is forgotten, and close() may be called twice', () => {
  const timeline = open();
  timeline.record('session.opened');
  timeline.close();
  timeline.close();
  timeline.record('too.late');
  expect(events().map(({ event }) => event)).toEqual(['session.opened']);
});

test('openTimeline() appends, and makes a file for its owner alone', () => {
  open().close();
  expect(statSync(path).mode & 0o777).toBe(0o600);
  writeFileSync(path, '{"atMs":1,"event":"earlier"}\n');
  const timeline = open();
  timeline.record('later');
  timeline.close();
  expect(events().map(({ event }) => event)).toEqual(['earlier', 'later']);
});

const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });

test('FAULT 39: record() on a full disk is left out and told once; the next one is tried again', () => {
  const timeline = open();
  timeline.record('first');
  const { writeSync } = fs;
  const write = jest.spyOn(fs, 'writeSync').mockImplementation(() => {
    throw full;
  });
  timeline.record('lost');
  timeline.record('lost too');
  write.mockRestore();
  expect(fs.writeSync).toBe(writeSync);
  timeline.record('second');
  timeline.close();
  expect(events().map(({ event }) => event)).toEqual(['first', 'second']);
  expect(troubles).toEqual([`cannot write ${path}: ${full.message}`]);
});

test('FAULT 39: a line the disk had no room for ends before the next one begins', () => {
  const timeline = open();
  const { writeSync } = fs;
  const write = jest.spyOn(fs, 'writeSync') as jest.SpyInstance;
  write
    .mockImplementationOnce((descriptor: number, bytes: Buffer) =>
      writeSync(descriptor, bytes.subarray(0, 10)),
    )
    .mockImplementationOnce(() => {
      throw full;
    });
  timeline.record('cut');
  timeline.record('whole');
  timeline.close();
  expect(lines()).toHaveLength(2);
  expect(JSON.parse(lines()[1] ?? '')).toMatchObject({ event: 'whole' });
});

test('FAULT 39: a timeline that cannot be opened records nothing, and fails nobody', () => {
  path = join(folder, 'missing', 'events.ndjson');
  const timeline = open();
  timeline.record('lost');
  timeline.close();
  expect(troubles).toEqual([expect.stringContaining('ENOENT')]);
});

test('openTimeline() masks all an event tells but the names it is found by', () => {
  const timeline = openTimeline(path, {
    mask: fields => JSON.parse(JSON.stringify(fields).replaceAll('ops', '***')),
    onTrouble: what => troubles.push(what),
  });
  timeline.record('worker.ops', { worker: 'ops', id: 'ops.1', test: 'ops works' });
  timeline.close();
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
    event: 'worker.ops',
    worker: 'ops',
    id: 'ops.1',
    test: '*** works',
  });
});
