import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readCommandLine, readProcessTable } from '../../src/process/table/process-table.ts';
import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { reporters, withIsolatedProject } from './harness/isolated-project.ts';
import { dropSlots, listSlots } from './harness/list-slots.ts';
import { processesOf, untilGone } from './harness/project.ts';

jest.setTimeout(180_000);

const config = (isolate: string, rest = '') =>
  configFile(opsWorker, { session: `isolate: ${isolate},`, jest: reporters + rest });

const holds = `${fixtures}
test('holds', async () => {
  process.stderr.write('HOLDING ' + process.pid + ' ' + process.env.DATABASE_URL.split('/').at(-1) + '\\n');
  await new Promise(resolve => setTimeout(resolve, 60_000));
}, 70_000);`;
const passes = `test('has a slot', () => { expect(process.env.DATABASE_URL).toMatch(/lw_/); });`;

let runtime: string;
beforeEach(() => {
  runtime = mkdtempSync(join(tmpdir(), 'lw-e2e-'));
  chmodSync(runtime, 0o700);
});
afterEach(() => rmSync(runtime, { recursive: true, force: true }));

function supervisorPid(): number {
  const own = (readProcessTable() ?? []).find(({ pid }) => readCommandLine(pid).includes(runtime));
  if (!own) throw new Error('there is no supervisor');
  return own.pid;
}

test('slots of a Jest that was SIGKILLed are dropped at once, those of its supervisor by the next run', async () => {
  await withIsolatedProject(
    { 'jest.config.js': config('true'), 'holds.test.js': holds, 'passes.test.js': passes },
    async project => {
      const env = { XDG_RUNTIME_DIR: runtime };
      const first = project.start({ args: ['holds'], env });
      const [, pid, name = ''] = /HOLDING (\d+) (lw_\w+)/.exec(await first.untilOutput(/HOLDING .*\n/)) ?? [];
      expect(await listSlots(project)).toEqual(expect.arrayContaining([`database ${name}`, `vhost ${name}`]));
      process.kill(supervisorPid(), 'SIGKILL');
      process.kill(Number(pid), 'SIGKILL');
      await first.ended;
      // Any other run on this machine may drop what is left, and does.
      await untilGone(() => processesOf(project.id));
      const { code, output } = await project.run({ args: ['passes'], env });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(await listSlots(project)).toEqual([]);

      const second = project.start({ args: ['holds'], env });
      const [, nextPid] = /HOLDING (\d+)/.exec(await second.untilOutput(/HOLDING .*\n/)) ?? [];
      const supervisor = supervisorPid();
      process.kill(Number(nextPid), 'SIGKILL');
      await second.ended;
      // Its last act is a rabbitmqctl, which takes seconds on a busy machine.
      await untilGone(
        () => (readProcessTable() ?? []).filter(one => one.pid === supervisor).map(({ pid }) => `${pid}`),
        30_000,
      );
      expect(await listSlots(project)).toEqual([]);
    },
  );
});

const waits = `${fixtures}
test('waits', async () => {
  process.stderr.write('WAITING\\n');
  for (let looks = 0; looks < 400 && !require('node:fs').existsSync('go-on'); looks += 1)
    await new Promise(resolve => setTimeout(resolve, 50));
}, 30_000);
test('comes later', () => {});`;

test('a supervisor that is lost with the slots is told by the running test, and in a line by those after it', async () => {
  await withIsolatedProject({ 'jest.config.js': config('true'), 'waits.test.js': waits }, async project => {
    const env = { XDG_RUNTIME_DIR: runtime };
    const jest = project.start({ args: ['waits'], env });
    await jest.untilOutput('WAITING');
    process.kill(supervisorPid(), 'SIGKILL');
    await jest.untilOutput('[SUPERVISOR_LOST]');
    writeFileSync(join(project.folder, 'go-on'), '');
    const { output, results } = await jest.ended;
    expect(results?.numFailedTests).toBe(2);
    expect(output).toMatch(/The supervisor of this run \(pid \d+\) is gone: it ended unasked\n/);
    expect(output).toMatch(/is gone: it ended unasked \(since the test "waits", see there\)/);
    expect((await project.run({ args: ['waits', '-t', 'comes later'], env })).code).toBe(0);
    expect(await listSlots(project)).toEqual([]);
  });
});

const fails = `${fixtures}
test('fails', async () => {
  await postgres().query('insert into ' + TASK_TABLE + " (id) values ('1')");
  process.env.RABBITMQ_URL = 'amqp://elsewhere';
  expect(1).toBe(2);
});`;

test('a failed file says what led it past its slot; keepFailed keeps that, and no later run drops it', async () => {
  await withIsolatedProject(
    {
      'jest.config.js': config('{ keepFailed: true }', `setupFiles: ['<rootDir>/early.js'],`),
      'early.js': '',
      'fails.test.js': fails,
      'passes.test.js': passes,
    },
    async project => {
      const { code, output } = await project.run({ args: ['-i'], env: { XDG_RUNTIME_DIR: runtime } });
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringContaining(
          'live-worker: fails.test.js failed, and what it had for itself is kept until you drop it:\n',
        ),
      });
      const [, name = ''] = /live-worker: {3}DATABASE_URL=\S+\/(lw_\w+)\n/.exec(output) ?? [];
      expect(output).toContain(`RABBITMQ_URL=`);
      expect(output).not.toContain('guest:guest');
      expect(output).toContain(
        'SLOT_ESCAPED: process.env.RABBITMQ_URL leads to amqp://elsewhere, past the slot of this file',
      );
      expect(output).toMatch(/note: setupFiles \(early.js\) ran before .*DATABASE_URL.* led to the slot/);
      try {
        const kept = [`database ${name}`, `vhost ${name}`];
        expect(await listSlots(project)).toEqual(kept);
        await project.run({ args: ['passes'], env: { XDG_RUNTIME_DIR: runtime } });
        expect(await listSlots(project)).toEqual(expect.arrayContaining(kept));
      } finally {
        await dropSlots(await listSlots(project));
      }
    },
  );
});
