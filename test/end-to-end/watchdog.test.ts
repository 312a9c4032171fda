import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { type Project, processesOf, untilGone, watchdogsOf, withProject } from './harness/project.ts';
import type { StartedJest } from './harness/start-jest.ts';

jest.setTimeout(60_000);

const limitMs = 5_000;

const consumer = opsWorker.replace('rabbitmq({', 'rabbitmq({ share: true,');
const workers = {
  'a consumer': consumer,
  'a daemon whose leader stays': `
    ops: { command: ['python3', W + '/daemon.py'], env: { LEADER_STAYS: '1' }, ready: [log({ pattern: 'daemon' })] },`,
  'a daemon with an empty environment': `
    ops: { command: ['python3', W + '/daemon.py'], env: { LEADER_STAYS: '1', CLEAR_ENVIRONMENT: '1' },
      ready: [log({ pattern: 'daemon' })] },`,
  'a worker deaf to SIGTERM': `
    ops: { command: ['node', W + '/ignore-sigterm.mjs'], ready: [log({ pattern: 'ready' })] },`,
  'a worker with children': `
    ops: { command: ['node', W + '/orphan-children.mjs'], ready: [log({ pattern: 'child is up' })] },`,
};

const holds = `${fixtures}
test('holds', async () => {
  process.stderr.write('HOLDING ' + process.pid + '\\n');
  await new Promise(resolve => setTimeout(resolve, 40_000));
}, 50_000);`;

function holding(workerOptions: string) {
  return { 'jest.config.js': configFile(workerOptions), 'a.test.js': holds };
}

async function untilHolding(jest: StartedJest): Promise<number> {
  return Number(/HOLDING (\d+)/.exec(await jest.untilOutput('HOLDING '))?.[1]);
}

async function expectNothingLeft(project: Project, what: string): Promise<void> {
  const tookMs = await untilGone(() => processesOf(project.id), limitMs);
  process.stderr.write(`${what}: all gone after ${tookMs} ms\n`);
}

test.each(Object.entries(workers))('FAULT 1, 12, 13: SIGKILL of Jest ends %s', async (name, workerOptions) =>
  withProject(holding(workerOptions), async project => {
    const started = project.start();
    process.kill(await untilHolding(started), 'SIGKILL');
    await expectNothingLeft(project, name);
    await started.ended;
  }),
);

test('FAULT 58: nobody holds the output of a killed Jest open, so that `jest | cat` ends', async () =>
  withProject(holding(workers['a worker deaf to SIGTERM']), async project => {
    const { child, ...started } = project.start();
    const closed = once(child, 'close');
    process.kill(await untilHolding({ child, ...started }), 'SIGKILL');
    await closed;
    expect(processesOf(project.id)).not.toEqual([]);
    await expectNothingLeft(project, 'after the output was closed');
  }));

const hasNamespaces = spawnSync('unshare', ['-Upf', '--kill-child', '--mount-proc', 'true']).status === 0;

/** The first process of a container: it ends everybody politely, waits until it is alone, and says so. */
const container = `
"$@" & for try in $(seq 800); do [ -e ready ] || ! kill -0 $! 2>/dev/null && break; sleep 0.05; done
[ -e ready ] || exit 1
kill -TERM -1
for try in $(seq 400); do set -- /proc/[0-9]*; [ $# -eq 1 ] && echo yes > alone && break; sleep 0.02; done`;

(hasNamespaces ? test : test.skip)(
  'FAULT 11: SIGTERM to everybody, as of a container that stops, ends even the deaf',
  async () =>
    withProject(
      {
        ...holding(workers['a worker deaf to SIGTERM']),
        'a.test.js': holds.replace('await new', "require('node:fs').writeFileSync('ready', ''); await new"),
      },
      async project => {
        const through = ['unshare', '-Upf', '--kill-child', '--mount-proc', 'sh', '-c', container, 'sh'];
        const { output } = await project.start({ through }).ended;
        const alone = existsSync(join(project.folder, 'alone'));
        expect({ alone, output: alone ? '' : output }).toEqual({ alone: true, output: '' });
      },
    ),
);

test('FAULT 11: no test begins before the watchdog is deaf to what ends Jest', async () =>
  withProject(
    {
      'jest.config.js': `process.execPath = __dirname + '/slow-node';${configFile(`
        ops: { command: ['sh', '-c', 'echo ready; exec sleep 60'], ready: [log({ pattern: 'ready' })] },`)}`,
      'slow-node': `#!/bin/sh\nsleep 0.5\nexec '${process.execPath}' "$@"\n`,
      'a.test.js': `
        const { readFileSync, readdirSync } = require('node:fs');
        const ppidOf = pid => readFileSync('/proc/' + pid + '/stat', 'utf8').split(') ')[1].split(' ')[1];
        const isWatchdog = pid => readFileSync('/proc/' + pid + '/cmdline', 'utf8').includes('watchdog/main.js');
        const caught = pid => parseInt(/SigCgt:\\s*(\\w+)/.exec(readFileSync('/proc/' + pid + '/status', 'utf8'))[1].slice(-8), 16);
        const attempt = work => { try { return work(); } catch { return false; } };
        test('has one', () => {
          const pids = readdirSync('/proc').filter(name => /^\\d+$/.test(name));
          const own = pids.filter(pid => attempt(() => ppidOf(pid) === String(process.pid) && isWatchdog(pid)));
          expect(own.map(pid => caught(pid) & 0x4003)).toEqual([0x4003]);
        });`,
    },
    async project => {
      chmodSync(join(project.folder, 'slow-node'), 0o755);
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s to Jest ends the worker', async signal =>
  withProject(holding(consumer), async project => {
    const started = project.start();
    process.kill(await untilHolding(started), signal);
    await expectNothingLeft(project, signal);
    await started.ended;
  }),
);

test.each(['process.exit(7)', 'process.abort()'])('%s in a test ends the worker', async statement =>
  withProject(
    { ...holding(consumer), 'a.test.js': `test('ends Jest', () => ${statement});` },
    async project => {
      await project.run();
      await expectNothingLeft(project, statement);
    },
  ),
);

describe('with files in worker processes', () => {
  const files = { 'jest.config.js': configFile(consumer), 'a.test.js': holds, 'b.test.js': holds };

  test('SIGKILL of the parent ends everything of both', async () =>
    withProject(files, async project => {
      const started = project.start({ args: ['-w', '2'] });
      await untilBothHold(started);
      expect(processesOf(project.id).length).toBeGreaterThanOrEqual(5);
      started.child.kill('SIGKILL');
      await expectNothingLeft(project, 'SIGKILL of the parent');
      await started.ended;
    }));

  test('FAULT 3: SIGKILL of one of them ends its worker and leaves the other one alone', async () =>
    withProject(files, async project => {
      const started = project.start({ args: ['-w', '2'] });
      const [one, other] = await untilBothHold(started);
      const workersNow = () => processesOf(project.id).filter(line => line.includes('amqplib-worker'));
      const [survivor] = workersNow().filter(line => parentOf(line) === other);
      process.kill(Number(one), 'SIGKILL');
      await untilGone(
        () => workersNow().filter(line => line !== survivor && parentOf(line) !== other),
        limitMs,
      );
      expect(workersNow()).toContain(survivor);
      started.child.kill('SIGKILL');
      await expectNothingLeft(project, 'SIGKILL of the parent after its child');
      await started.ended;
    }));
});

test('FAULT 9: a watchdog that is killed is replaced, and the next one knows everything', async () =>
  withProject(holding(consumer), async project => {
    const started = project.start();
    const jestPid = await untilHolding(started);
    const [first = ''] = watchdogsOf(project);
    process.kill(Number.parseInt(first, 10), 'SIGKILL');
    await untilGone(
      () => (watchdogsOf(project).some(line => line !== first) ? [] : ['no second watchdog']),
      limitMs,
    );
    process.kill(jestPid, 'SIGKILL');
    await expectNothingLeft(project, 'after its watchdog, Jest');
    await started.ended;
  }));

test('a run that ends by itself ends its watchdog and does not wait for it', async () =>
  withProject({ ...holding(consumer), 'a.test.js': `test('passes', () => {});` }, async project => {
    const { code, output } = await project.run();
    await expectNothingLeft(project, 'a normal end');
    expect({ code, output }).toEqual({ code: 0, output: expect.not.stringContaining('did not exit') });
  }));

test('a worker that is already stopping is not asked twice', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/stops-slowly.mjs'], ready: [log({ pattern: 'ready' })] },`),
      'a.test.js': `test('passes', () => process.stderr.write('HOLDING ' + process.pid + '\\n'));`,
    },
    async project => {
      const started = project.start();
      const jestPid = await untilHolding(started);
      const signals = () => project.record('a.test.js', 'ops.stdout.log').match(/got \w+/g) ?? [];
      await untilGone(() => (signals().length > 0 ? [] : ['no signal yet']), limitMs);
      process.kill(jestPid, 'SIGKILL');
      await expectNothingLeft(project, 'SIGKILL while stopping');
      expect(signals()).toEqual(['got SIGTERM']);
      await started.ended;
    },
  ));

describe('the next run', () => {
  const files = { ...holding(consumer), 'next.test.js': `test('passes', () => {});` };

  test('says once what the watchdog had to end', async () =>
    withProject(files, async project => {
      const started = project.start({ args: ['a.test'] });
      process.kill(await untilHolding(started), 'SIGKILL');
      await untilGone(() => watchdogsOf(project));
      const told =
        'live-worker: Jest or its supervisor was cut off in an earlier run; a watchdog ended 1 process of "ops"';
      expect((await project.run({ args: ['next'] })).output).toContain(told);
      expect((await project.run({ args: ['next'] })).output).not.toContain(told);
    }));

  test('FAULT 10, 53: ends what is left when the watchdog was killed too, and nothing of a run that lives', async () =>
    withProject(files, async project => {
      const workersNow = () => processesOf(project.id).filter(line => line.includes('amqplib-worker'));
      const living = project.start({ args: ['a.test'] });
      const livingPid = await untilHolding(living);
      const spared = workersNow();
      const killed = project.start({ args: ['a.test'] });
      const killedPid = await untilHolding(killed);
      killWithWatchdog(project, killedPid);
      await killed.ended;
      expect(workersNow()).toHaveLength(2);

      const { code, output } = await project.run({ args: ['next'] });
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining('ended what an earlier run had left of worker "ops": pid '),
      });
      expect(workersNow()).toEqual(spared);
      process.kill(livingPid, 'SIGKILL');
      await expectNothingLeft(project, 'the run that lived');
      await living.ended;
    }));
});

/** A stopped Jest has no time to replace its watchdog. */
function killWithWatchdog(project: Project, jestPid: number): void {
  process.kill(jestPid, 'SIGSTOP');
  for (const line of watchdogsOf(project)) {
    if (parentOf(line) === jestPid) process.kill(Number.parseInt(line, 10), 'SIGKILL');
  }
  process.kill(jestPid, 'SIGKILL');
}

async function untilBothHold(started: StartedJest): Promise<readonly number[]> {
  const output = await started.untilOutput(/HOLDING \d+[\s\S]*HOLDING \d+\n/);
  return [...output.matchAll(/HOLDING (\d+)/g)].map(([, pid]) => Number(pid));
}

function parentOf(line: string): number {
  return Number(/\) \w (\d+)/.exec(readFileSync(`/proc/${Number.parseInt(line, 10)}/stat`, 'latin1'))?.[1]);
}
