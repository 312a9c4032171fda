import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDying } from '../../../src/process/table/is-dying.ts';
import { procReader } from '../../../src/process/table/proc-reader.ts';
import { identifyProcess, isAlive, readProcessEntry } from '../../../src/process/table/process-identity.ts';
import {
  initialVariable,
  readCommandLine,
  readProcessTable,
} from '../../../src/process/table/process-table.ts';
import { signalProcess } from '../../../src/process/tree/signal-process.ts';
import {
  startProcess,
  startShell,
  temporaryFolder,
  uniqueSleep,
  untilDead,
  untilSeen,
} from '../own-processes.ts';

const sleepPath = '/bin/sleep';
const nobody = 2 ** 22 + 1;

test('identifyProcess() tells a process from a later one with its number', () => {
  const own = identifyProcess(process.pid);
  expect(own.startTime).toBeGreaterThan(0);
  expect(isAlive(own)).toBe(true);
  expect(isAlive({ ...own, startTime: (own.startTime as number) + 1 })).toBe(false);
});

test('identifyProcess() knows no start time of a process that is not there', () => {
  expect(identifyProcess(nobody)).toEqual({ pid: nobody, startTime: undefined });
  expect(isAlive(identifyProcess(nobody))).toBe(false);
});

test('isAlive() goes by the number where there is no start time', () => {
  expect(isAlive({ pid: process.pid, startTime: undefined })).toBe(true);
});

test('isAlive() is false for a zombie', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & exec ${uniqueSleep()}`);
  const [child] = await untilSeen(nap);
  if (!child) throw new Error('it was not seen');
  expect(isAlive(child)).toBe(true);
  signalProcess(child, 'SIGKILL');
  await untilDead(child);
  expect(readProcessEntry(child.pid)).toMatchObject({ state: 'Z', parent: leader.pid });
});

test('readProcessEntry() reads group, session and parent', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & wait`);
  const [child] = await untilSeen(nap);
  expect(readProcessEntry(leader.pid)).toMatchObject({
    pid: leader.pid,
    parent: process.pid,
    group: leader.pid,
    session: leader.pid,
    startTime: leader.startTime,
  });
  expect(readProcessEntry(child?.pid as number)).toMatchObject({ parent: leader.pid, group: leader.pid });
});

test('readProcessEntry() is not confused by the name of a program', async () => {
  const program = join(temporaryFolder(), 'a) R 1 (b');
  copyFileSync(sleepPath, program);
  const odd = startProcess(program, ['50']);
  await untilSeen(`${program} 50`);
  expect(readProcessEntry(odd.pid)).toMatchObject({ parent: process.pid, group: odd.pid });
  expect(isAlive(odd)).toBe(true);
});

test('readProcessTable() lists everybody once', () => {
  const pids = (readProcessTable() ?? []).map(({ pid }) => pid);
  expect(pids).toEqual(expect.arrayContaining([process.pid, process.ppid]));
  expect(new Set(pids).size).toBe(pids.length);
});

test('initialVariable() compares the whole name', async () => {
  const nap = uniqueSleep();
  const { pid } = startShell(`exec ${nap}`, { env: { ID: 'a.b', OTHER_ID: 'c' } });
  await untilSeen(nap);
  const answers = ['ID', 'OTHER_ID', 'D', 'I', ''].map(name => initialVariable(pid, name));
  expect(answers).toEqual(['a.b', 'c', undefined, undefined, undefined]);
  expect(initialVariable(nobody, 'ID')).toBeUndefined();
});

test('writesTo() is true for who may write, false for who may only read', async () => {
  const log = join(temporaryFolder(), 'ops.log');
  const [writing, reading, both] = [uniqueSleep(), uniqueSleep(), uniqueSleep()];
  const script = (nap: string, redirection: string) =>
    startShell(`: >> '${log}'; exec ${nap} ${redirection} '${log}'`);
  const processes = [script(writing, '3>>'), script(reading, '3<'), script(both, '3<>')];
  for (const nap of [writing, reading, both]) await untilSeen(nap);
  expect(processes.map(({ pid }) => procReader.writesTo(pid, { paths: [log], files: [] }))).toEqual([
    true,
    false,
    true,
  ]);
});

test('readCommandLine() puts spaces between the words', async () => {
  const { pid } = startProcess('/bin/sh', ['-c', 'sleep 50; true', 'a b']);
  await untilSeen('/bin/sh -c sleep 50; true a b');
  expect(readCommandLine(pid)).toBe('/bin/sh -c sleep 50; true a b');
  expect(readCommandLine(nobody)).toBe('');
});

test('readCommandLine() has the words of a process that becomes another program just then', async () => {
  const script = join(temporaryFolder(), 'becomes.sh');
  writeFileSync(script, '[ "$1" -lt 500 ] && exec sh "$0" $(($1 + 1))');
  const { pid } = startProcess('/bin/sh', [script, '0']);
  const seen = new Set<string>();
  for (let state = 'R'; state !== 'Z' && state !== 'X'; state = readProcessEntry(pid)?.state ?? 'X') {
    const words = readCommandLine(pid).replace(/\d+$/, '');
    if (words !== '' || isInUse(pid)) seen.add(words);
  }
  expect([...seen]).toContain(`sh ${script} `);
  expect([...seen]).not.toContain('');
});

function isInUse(pid: number): boolean {
  const { state } = readProcessEntry(pid) ?? {};
  return state !== undefined && state !== 'Z' && state !== 'X' && !isDying({ pid, startTime: undefined });
}
