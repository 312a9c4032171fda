import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyFile } from '../../../src/files/file-identity.ts';
import type { ProcessEntry, ProcessIdentity } from '../../../src/process/table/process-entry.ts';
import { identifyProcess } from '../../../src/process/table/process-identity.ts';
import {
  initialVariable,
  readCommandLine,
  readProcessTable,
} from '../../../src/process/table/process-table.ts';
import { limitMarkOf, readLimitMark, withLimitMark } from '../../../src/process/tree/limit-mark.ts';
import { signalProcess } from '../../../src/process/tree/signal-process.ts';
import { findWorkerTree, topmost, type WorkerMark } from '../../../src/process/tree/worker-tree.ts';
import { workersFolder } from '../../end-to-end/harness/folders.ts';
import {
  own,
  startProcess,
  startShell,
  temporaryFolder,
  uniqueId,
  uniqueSleep,
  untilSeen,
} from '../own-processes.ts';

function mark(leader: ProcessIdentity | undefined, changes: Partial<WorkerMark> = {}): WorkerMark {
  return { id: uniqueId(), leader, logPaths: [], ...changes };
}
const pidsOf = (wanted: WorkerMark) => (findWorkerTree(wanted) ?? []).map(({ pid }) => pid).sort();
const sorted = (...processes: readonly ProcessIdentity[]) => processes.map(({ pid }) => pid).sort();
const gone: ProcessIdentity = { pid: 2 ** 22 + 1, startTime: 1 };

test('findWorkerTree() finds the group of the leader', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & ${nap} & wait`);
  const children = await untilSeen(nap, 2);
  expect(pidsOf(mark(leader))).toEqual(sorted(leader, ...children));
});

test('FAULT 22: findWorkerTree() finds the group when its leader is gone', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`${nap} & exit`);
  const children = await untilSeen(nap);
  await leader.exited;
  expect(pidsOf(mark(leader))).toEqual(sorted(...children));
});

test('FAULT 13: findWorkerTree() finds a daemon by its cookie', async () => {
  const nap = uniqueSleep();
  const id = uniqueId();
  const leader = startShell(`setsid ${nap} & exit`, { env: { LIVE_WORKER_ID: id } });
  const daemon = await untilSeen(nap);
  await leader.exited;
  expect(pidsOf(mark(leader, { id }))).toEqual(sorted(...daemon));
  expect(pidsOf(mark(leader, { id: `${id}2` }))).toEqual([]);
  expect(pidsOf(mark(leader, { id: id.slice(0, -1) }))).toEqual([]);
});

test('FAULT 14: findWorkerTree() finds a daemon without environment by its log', async () => {
  const nap = uniqueSleep();
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const leader = startShell(`setsid env -i ${nap} & exit`, { log });
  const daemon = await untilSeen(nap);
  await leader.exited;
  expect(pidsOf(mark(leader, { logPaths: [log] }))).toEqual(sorted(...daemon));
  expect(pidsOf(mark(leader, { logPaths: [`${log}2`] }))).toEqual([]);
});

test('findWorkerTree() finds who writes to a log that was deleted', async () => {
  const nap = uniqueSleep();
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const writing = startShell(`exec ${nap}`, { log });
  await untilSeen(nap);
  rmSync(log);
  expect(pidsOf(mark(undefined, { logPaths: [log] }))).toEqual(sorted(writing));
});

test.each([
  ['log', (folder: string) => renameSync(join(folder, 'ops.log'), join(folder, 'ops.log.1'))],
  ['folder', (folder: string) => renameSync(folder, `${folder}.old`)],
])(
  'FAULT 62: findWorkerTree() finds who writes to a log whose %s was renamed, and not who has got its name',
  async (_, rename) => {
    const [nap, other] = [uniqueSleep(), uniqueSleep()];
    const folder = join(temporaryFolder(), 'run');
    mkdirSync(folder);
    const log = join(folder, 'ops.log');
    const writing = startShell(`exec ${nap}`, { log });
    await untilSeen(nap);
    const wanted = { logPaths: [log], logFiles: [identifyFile(statSync(log))] };
    rename(folder);
    mkdirSync(folder, { recursive: true });
    expect(pidsOf(mark(undefined, wanted))).toEqual(sorted(writing));
    const later = startShell(`exec ${other}`, { log: join(folder, 'other.log') });
    await untilSeen(other);
    expect(pidsOf(mark(undefined, wanted))).not.toContain(later.pid);
  },
);

test('FAULT 61: findWorkerTree() remembers by pid and start time who had a parent among them', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`setsid env -i ${nap} > /dev/null 2>&1; true`);
  const [child] = await untilSeen(nap);
  const wanted = mark(leader, { known: new Map() });
  expect(pidsOf(wanted)).toContain(child?.pid);
  signalProcess(leader, 'SIGKILL');
  await leader.exited;
  expect(pidsOf(wanted)).toEqual([child?.pid]);
  expect(pidsOf({ ...wanted, known: new Map([[Number(child?.pid), 1]]) })).toEqual([]);
});

test('FAULT 15, 61: findWorkerTree() finds by its limit who gave up every other mark', async () => {
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const id = uniqueId();
  const program = join(workersFolder, 'gives-up-every-mark.py');
  const leader = withLimitMark(id, () => startProcess('python3', [program], { log }));
  const daemon = own(Number(await untilWritten(log, /daemon (\d+)/)));
  await untilWritten(log, /alone/);
  while (readCommandLine(daemon.pid).includes(program)) await sleep(5);
  expect(pidsOf(mark(leader, { id }))).toEqual(sorted(leader, daemon));
  expect(pidsOf(mark(leader))).toEqual([leader.pid]);
});

test('withLimitMark() leaves this process and whom it starts later as they were, whatever happens', async () => {
  const before = readLimitMark('self');
  const [id, nap] = [uniqueId(), uniqueSleep()];
  const refuse = () => {
    expect(readLimitMark('self')).toBe(limitMarkOf(id));
    throw new Error('refused');
  };
  expect(() => withLimitMark(id, refuse)).toThrow('refused');
  expect(readLimitMark('self')).toBe(before);
  startShell(`exec ${nap}`);
  await untilSeen(nap);
  expect(pidsOf(mark(undefined, { id }))).toEqual([]);
});

test('findWorkerTree() finds a descendant that carries no mark at all', async () => {
  const nap = uniqueSleep();
  const leader = startShell(`setsid env -i sh -c "${nap}; true" > /dev/null 2>&1; true`);
  const [grandchild] = await untilSeen(nap);
  const [child] = await untilSeen(`sh -c ${nap}; true`);
  const found = pidsOf(mark(leader));
  expect(found).toContain(child?.pid);
  expect(found).toContain(grandchild?.pid);
});

test('findWorkerTree() spares who only reads a log', async () => {
  const nap = uniqueSleep();
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const leader = startShell(`exec ${nap}`, { log });
  startProcess('timeout', ['60', 'tail', '-f', log]);
  await untilSeen(`tail -f ${log}`);
  expect(pidsOf(mark(leader, { logPaths: [log] }))).toEqual(sorted(leader));
});

test('findWorkerTree() spares Jest, which holds the logs, and the processes above it', async () => {
  const nap = uniqueSleep();
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const descriptor = openSync(log, 'a');
  const bystander = startShell(`exec ${nap}`, { detached: false });
  expect(pidsOf(mark(undefined, { logPaths: [log] }))).toEqual([]);
  expect(pidsOf(mark(identifyProcess(process.ppid), { logPaths: [log] }))).not.toContain(process.ppid);
  expect(pidsOf(mark(undefined, { logPaths: [log] }))).not.toContain(bystander.pid);
  closeSync(descriptor);
});

test('FAULT 23: findWorkerTree() takes nobody for the leader who has only got its number', async () => {
  const nap = uniqueSleep();
  const other = startShell(`${nap} & wait`);
  await untilSeen(nap);
  const earlier = { pid: other.pid, startTime: (other.startTime as number) - 1 };
  expect(pidsOf(mark(earlier))).toEqual([]);
});

test('findWorkerTree() takes nobody who was there before the leader', async () => {
  const nap = uniqueSleep();
  const id = uniqueId();
  const older = startShell(`exec ${nap}`, { env: { LIVE_WORKER_ID: id } });
  await untilSeen(nap);
  const leader = { pid: gone.pid, startTime: (older.startTime as number) + 1 };
  expect(pidsOf(mark(leader, { id }))).toEqual([]);
  expect(pidsOf(mark(gone, { id }))).toEqual(sorted(older));
});

test('findWorkerTree() does not count zombies', async () => {
  const leader = startShell(`true & exec ${uniqueSleep()}`);
  const isZombie = ({ parent, state }: ProcessEntry) => parent === leader.pid && state === 'Z';
  while (!readProcessTable()?.some(isZombie)) await sleep(5);
  expect(pidsOf(mark(leader))).toEqual(sorted(leader));
});

test('findWorkerTree() without a leader goes by cookie and logs', async () => {
  const [first, second, third] = [uniqueSleep(), uniqueSleep(), uniqueSleep()];
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const id = uniqueId();
  const marked = startShell(`exec ${first}`, { env: { LIVE_WORKER_ID: id } });
  const writing = startShell(`exec ${second}`, { log });
  startShell(`exec ${third}`, { env: { LIVE_WORKER_ID: `${id}2` } });
  for (const nap of [first, second, third]) await untilSeen(nap);
  expect(pidsOf(mark(undefined, { id, logPaths: [log] }))).toEqual(sorted(marked, writing));
});

test('topmost() are the members without a parent among them', () => {
  const entry = (pid: number, parent: number) => ({
    pid,
    parent,
    group: 1,
    session: 1,
    startTime: 1,
    state: 'S',
  });
  const members = [entry(10, 1), entry(11, 10), entry(12, 11), entry(20, 1)];
  expect(topmost(members).map(({ pid }) => pid)).toEqual([10, 20]);
});

async function untilWritten(log: string, pattern: RegExp): Promise<string> {
  for (let looks = 0; looks < 4_000; looks += 1, await sleep(5)) {
    const found = pattern.exec(readFileSync(log, 'utf8'));
    if (found) return found[1] ?? found[0];
  }
  throw new Error(`${log} never held ${pattern}: ${readFileSync(log, 'utf8')}`);
}

/** Starts one of the Python programs of the fixtures behind a leader and waits until it is up. */
async function startBehindLeader(program: string, { env = {}, setsid = '' } = {}) {
  const folder = temporaryFolder();
  const [log, name] = [join(folder, 'ops.stdout.log'), uniqueId()];
  const command = `python3 ${join(workersFolder, program)} ${name}`;
  const leader = startShell(`${setsid} ${command} & wait`, { log, env: { ...env, LIVE_WORKER_ID: name } });
  const process = own(Number(await untilWritten(log, /ready (\d+)\n/)));
  return { log, name, leader, process };
}

test('FAULT 16: findWorkerTree() finds who overwrote its environment by group and by log', async () => {
  const { log, leader, process } = await startBehindLeader('overwrites-environ.py');
  expect(initialVariable(process.pid, 'LIVE_WORKER_ID')).toBeUndefined();
  expect(pidsOf(mark(undefined, { logPaths: [log] }))).toContain(process.pid);
  expect(pidsOf(mark(leader))).toContain(process.pid);
});

test('FAULT 16: with SPT_NOENV=1 the cookie stays', async () => {
  const { name, process } = await startBehindLeader('overwrites-environ.py', { env: { SPT_NOENV: '1' } });
  expect(pidsOf({ id: name, leader: undefined, logPaths: [] })).toContain(process.pid);
});

test('FAULT 17: findWorkerTree() finds by its group who may not be read', async () => {
  const { leader, process } = await startBehindLeader('not-dumpable.py');
  expect(pidsOf({ id: uniqueId(), leader, logPaths: [] })).toContain(process.pid);
});

test('FAULT 17: findWorkerTree() finds by its parent who left the group and may not be read', async () => {
  const { leader, process } = await startBehindLeader('not-dumpable.py', { setsid: 'setsid' });
  expect(pidsOf({ id: uniqueId(), leader, logPaths: [] })).toContain(process.pid);
});

test('FAULT 15: who gave up every mark is not found where no limit could be set: a known hole', async () => {
  const log = join(temporaryFolder(), 'ops.stdout.log');
  const id = uniqueId();
  const program = join(workersFolder, 'gives-up-every-mark.py');
  const leader = startProcess('python3', [program], { log, env: { LIVE_WORKER_ID: id } });
  const daemon = own(Number(await untilWritten(log, /daemon (\d+)/)));
  while (readCommandLine(daemon.pid).includes(program)) await sleep(5);
  expect(pidsOf({ id, leader, logPaths: [log] })).toEqual([leader.pid]);
  expect(signalProcess(daemon, 'SIGKILL')).toBe('sent');
});
