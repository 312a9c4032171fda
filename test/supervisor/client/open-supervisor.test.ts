import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isAlive, readProcessEntry } from '../../../src/process/table/process-identity.ts';
import { readEnvironment } from '../../../src/process/table/process-table.ts';
import type { SupervisorClient } from '../../../src/supervisor/client/supervisor-client.ts';
import { ourVersion } from '../../../src/supervisor/our-version.ts';
import { repository } from '../../end-to-end/harness/folders.ts';
import { untilDead } from '../../process/own-processes.ts';
import { kill, type OwnRun, ownRun, program, supervisorOf, supervisorsIn } from '../own-run.ts';

const status = { kind: 'status' } as const;

test('openSupervisor() starts one, and the next call finds it', async () => {
  const run = ownRun();
  const [first, second] = [await run.open(), await run.open()];
  expect(await first.ask(status)).toMatchObject({ version: ourVersion(), pid: supervisorOf(second).pid });
  expect(supervisorsIn(run.folder)).toEqual([first.supervisor]);
  expect(readdirSync(run.folder)).toHaveLength(2);
});

test('whoever starts one at the same moment gets the same one, from one process and from many', async () => {
  const run = ownRun();
  const script = `
    const { openSupervisor } = require('${repository}/dist/supervisor/client/open-supervisor.js');
    const place = ${JSON.stringify({ folder: run.folder, run: run.run })};
    openSupervisor(place).then(client => client.ask({ kind: 'status' })).then(({ pid }) => console.log(pid));`;
  const elsewhere = Array.from({ length: 4 }, () => promisify(execFile)(process.execPath, ['-e', script]));
  const here = await Promise.all(Array.from({ length: 4 }, () => run.open()));
  const pids = [
    ...here.map(client => supervisorOf(client).pid),
    ...(await Promise.all(elsewhere)).map(({ stdout }) => Number(stdout)),
  ];
  expect(new Set(pids).size).toBe(1);
  await untilOne(run);
  expect(readdirSync(run.folder)).toHaveLength(2);
});

/** Those that lost the election are on their way out. */
async function untilOne({ folder }: OwnRun): Promise<void> {
  while (readdirSync(folder).length > 2) await new Promise(setImmediate);
}

test('two runs have no supervisor in common', async () => {
  const one = ownRun();
  const clients = [await one.open(), await ownRun(one.folder).open()];
  expect(new Set(clients.map(client => supervisorOf(client).pid)).size).toBe(2);
  expect(supervisorsIn(one.folder)).toHaveLength(2);
});

test('its process has a session of its own, no folder of anybody and few variables', async () => {
  const given = { NODE_OPTIONS: '--no-warnings', SUITE_SECRET: 'x', LANG: 'C' };
  const before = { ...process.env };
  Object.assign(process.env, given);
  const { pid } = supervisorOf(await ownRun().open());
  process.env = before;
  expect(readProcessEntry(pid)).toMatchObject({ session: pid, group: pid });
  expect(readlinkSync(`/proc/${pid}/cwd`)).toBe('/');
  for (const descriptor of [0, 1, 2]) expect(readlinkSync(`/proc/${pid}/fd/${descriptor}`)).toBe('/dev/null');
  const names = readEnvironment(pid)
    .split('\0')
    .filter(Boolean)
    .map(text => text.split('=')[0] ?? '');
  expect(names).toContain('LANG');
  expect(
    names.filter(
      name => !/^(PATH|HOME|LANG|TMPDIR|XDG_RUNTIME_DIR|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+)$/.test(name),
    ),
  ).toEqual([]);
});

test('a killed one is lost to who waits, and the next one takes the next number', async () => {
  const run = ownRun();
  const client = await run.open();
  const { pid } = supervisorOf(client);
  await expect(untilLost(client)).resolves.toEqual(expect.any(Number));
  await expect(client.ask(status)).rejects.toMatchObject({
    code: 'SUPERVISOR_LOST',
    message: `The supervisor of this run (pid ${pid}) is gone: it ended unasked`,
  });
  const next = await run.open();
  expect(supervisorOf(next).pid).not.toBe(pid);
  expect(readdirSync(run.folder).filter(name => /\.1$/.test(name))).toHaveLength(1);
});

test('that is known within 50 ms of the kill', async () => {
  const times: number[] = [];
  // A machine that is busy takes its time over the kill itself.
  while (Math.min(...times) >= 50 && times.length < 8) times.push(await untilLost(await ownRun().open()));
  expect(Math.min(...times)).toBeLessThan(50);
});

/** From the kill to the end of a question that was open, in milliseconds. */
async function untilLost(client: SupervisorClient): Promise<number> {
  const { pid } = supervisorOf(client);
  process.kill(pid, 'SIGSTOP');
  const waiting = client.ask(status).catch(() => performance.now());
  const killedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  return ((await waiting) as number) - killedMs;
}

test.each(['before it was greeted', 'afterwards'])(
  'one that is frozen %s is killed and replaced',
  async when => {
    const run = ownRun();
    const client = await run.open({ beatMs: 20 });
    const frozen = supervisorOf(client);
    process.kill(frozen.pid, 'SIGSTOP');
    if (when === 'afterwards')
      await expect(client.ask(status)).rejects.toMatchObject({
        details: { why: expect.stringMatching(/^it was frozen/) },
      });
    const next = await run.open({ beatMs: 20 });
    await untilDead(frozen);
    expect(supervisorOf(next).pid).not.toBe(frozen.pid);
  },
);

test('a client that was blocked itself takes nobody for frozen', async () => {
  const client = await ownRun().open({ beatMs: 10 });
  const answer = client.ask(status);
  const blockedUntil = performance.now() + 300;
  while (performance.now() < blockedUntil);
  expect(await answer).toMatchObject({ kind: 'status' });
});

test('a client of another version starts its own beside it, and finds that again', async () => {
  const run = ownRun();
  const ours = await run.open();
  const theirs = [await run.open(otherVersion(run.folder)), await run.open({ version })];
  expect(await theirs[0]?.ask(status)).toMatchObject({ version });
  expect(theirs[0]?.supervisor).toEqual(theirs[1]?.supervisor);
  expect(supervisorOf(await run.open())).toEqual(supervisorOf(ours));
  expect(supervisorsIn(run.folder)).toHaveLength(2);
});

test('when the first of two versions has ended, the second one is still found', async () => {
  const run = ownRun();
  const ours = await run.open();
  const theirs = await run.open(otherVersion(run.folder));
  await kill(supervisorOf(ours), 'SIGTERM');
  expect((await run.open({ version })).supervisor).toEqual(theirs.supervisor);
});

const version = ourVersion().replace(/^[^+]+/, '0.0.0-other');

/** Of a client and of what it starts. */
function otherVersion(folder: string) {
  const path = join(folder, 'other.js');
  const text = `
    const fs = require('node:fs');
    const { readFileSync } = fs;
    fs.readFileSync = (path, ...rest) =>
      path.endsWith('package.json') ? '{ "version": "0.0.0-other" }' : readFileSync(path, ...rest);
    require('${program}');`;
  writeFileSync(path, text);
  return { version, program: path };
}

test('one that cannot start is an error that names what it wrote', async () => {
  const run = ownRun();
  const crashing = join(run.folder, 'crashing.js');
  writeFileSync(crashing, 'process.exit(3)');
  await expect(run.open({ program: crashing })).rejects.toMatchObject({
    code: 'SUPERVISOR_NOT_STARTED',
    message: 'Cannot start the supervisor of this run: it ended with code 3',
  });
});

test('an idle connection keeps no process alive, one with a question does', async () => {
  const run = ownRun();
  await run.open();
  const script = `
    const { openSupervisor } = require('${repository}/dist/supervisor/client/open-supervisor.js');
    openSupervisor(${JSON.stringify({ folder: run.folder, run: run.run })}).then(async client => {
      const { kind } = await client.ask({ kind: 'member', pid: 1, hasReporter: false });
      process.on('exit', () => console.log(kind, client.isOpen));
    });`;
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], { timeout: 20_000 });
  expect(stdout).toBe('done true\n');
});

test('a supervisor ends with its run, leaves no name, and tells why', async () => {
  const run = ownRun();
  const client = await run.open();
  await client.ask({ kind: 'member', pid: process.pid, hasReporter: false });
  await kill(run.jest);
  await client.untilClosed();
  await untilDead(supervisorOf(client));
  await expect(client.ask(status)).rejects.toMatchObject({ details: { why: 'it ended: its run is gone' } });
  expect(readdirSync(run.folder)).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends a supervisor in order', async signal => {
  const run = ownRun();
  const client = await run.open();
  await kill(supervisorOf(client), signal);
  await client.untilClosed();
  await expect(client.ask(status)).rejects.toMatchObject({ details: { why: `it ended: it got ${signal}` } });
  expect(readdirSync(run.folder)).toEqual([]);
});

test('a client that was killed, or stopped, ends nothing', async () => {
  const run = ownRun();
  const client = await run.open();
  process.kill(run.jest.pid, 'SIGSTOP');
  (await run.open()).end();
  expect(await client.ask(status)).toMatchObject({ members: [] });
  expect(isAlive(supervisorOf(client))).toBe(true);
});

test('what killed supervisors of runs that are over left behind is swept by the next one of any run', async () => {
  const dead = ownRun();
  const lost = await dead.open();
  await kill(supervisorOf(lost));
  await kill(dead.jest);
  expect(readdirSync(dead.folder)).toHaveLength(2);
  writeFileSync(join(dead.folder, 'supervisor.log'), 'kept');
  const client = await ownRun(dead.folder).open();
  while (readdirSync(dead.folder).length > 3) await client.ask(status);
  expect(supervisorsIn(dead.folder)).toEqual([client.supervisor]);
  expect(existsSync(join(dead.folder, 'supervisor.log'))).toBe(true);
});

test('what a supervisor throws stands in supervisor.log, without secrets', async () => {
  const run = ownRun();
  const throwing = join(run.folder, 'throwing.js');
  writeFileSync(
    throwing,
    `setTimeout(() => { throw new Error('amqp://me:s3cr3t@host/') }, 1); require('${program}');`,
  );
  const client = await run.open({ program: throwing }).catch(() => undefined);
  await client?.untilClosed();
  const log = readFileSync(join(run.folder, 'supervisor.log'), 'utf8');
  expect(log).toMatch(/ pid \d+: Error: amqp:\/\/me:\*\*\*@host\//);
  expect(log).not.toContain('s3cr3t');
});
