import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { reporters, withIsolatedProject } from './harness/isolated-project.ts';

jest.setTimeout(180_000);

const config = (worker: string, session = 'isolate: true,') =>
  configFile(worker, { session, jest: reporters });

async function expectGreen(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = ['-i'],
): Promise<void> {
  await withIsolatedProject(files, async project => {
    const { code, output } = await project.run({ args });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).not.toContain('did not exit');
  });
}

const directs = `${fixtures}
const ops = liveWorker('ops');
test('stop and start', async () => {
  const { pid } = ops;
  expect(await ops.stop()).toEqual({ code: 0, signal: null });
  expect(ops.state).toBe('stopped');
  expect(ops.pid).toBeUndefined();
  expect((await rabbitmq().depth(TASK_QUEUE)).consumers).toBe(0);
  await ops.start();
  expect(ops.state).toBe('ready');
  expect(ops.pid).not.toBe(pid);
  expect((await rabbitmq().depth(TASK_QUEUE)).consumers).toBe(1);
});
test('restart with another environment, for that launch only', async () => {
  await ops.restart({ env: { EXTRA: 'yes' } });
  expect(ops.env.EXTRA).toBe('yes');
  expect(ops.env.DATABASE_URL).toBe(process.env.DATABASE_URL);
  await ops.restart();
  expect(ops.env).not.toHaveProperty('EXTRA');
});
test('a paused worker takes nothing until it is resumed', async () => {
  const id = crypto.randomUUID();
  await ops.pause();
  await postgres().query('insert into ' + TASK_TABLE + ' (id) values ($1)', [id]);
  await rabbitmq().publish(TASK_QUEUE, { id, provider: 'known' });
  const done = options => postgres().waitForRow('select 1 from ' + TASK_TABLE + " where id = $1 and status = 'COMPLETED'", [id], options);
  expect((await caught(done({ timeoutMs: 300 }))).code).toBe('WAIT_TIMEOUT');
  await ops.resume();
  await done();
});
test('a kill asked for by the test is no failure', async () => {
  await ops.kill();
  expect(ops.exit).toEqual({ code: null, signal: 'SIGKILL' });
  expect((await caught(ops.pause())).code).toBe('WORKER_NOT_RUNNING');
  await ops.start();
  await ops.kill('SIGTERM');
  await eventually(() => expect(ops.state).toBe('stopped'));
  await ops.start();
});
test('the stacks of it', async () => {
  expect(await ops.stacks()).toContain('pid ' + ops.pid);
});
test('its queue is this file\\'s own', () => rabbitmq().removeAtEnd(TASK_QUEUE));
test('one that does not come up is told by the test that started it', async () => {
  const error = await caught(ops.restart({ env: { NODE_OPTIONS: '--require ./not-there.js' } }));
  expect(error.code).toBe('EXITED_BEFORE_READY');
  expect(error.message).toContain('not-there.js');
});`;

test('a test directs the worker of its file as ever', () =>
  expectGreen({ 'jest.config.js': config(opsWorker), 'a.test.js': directs }));

test('a test directs a worker of the run that its process alone uses, and the next file has one as it was launched', () =>
  expectGreen({
    'jest.config.js': config(opsWorker.replace('ops: {', "ops: { scope: 'run',")),
    'a.test.js': `${directs}
      const { writeFileSync } = require('node:fs');
      afterAll(() => writeFileSync('seen', process.env.DATABASE_URL));`,
    'b.test.js': `${fixtures}
      const { existsSync, readFileSync, writeFileSync } = require('node:fs');
      test('it is ready, in the slot of this process', async () => {
        expect(liveWorker('ops').state).toBe('ready');
        if (existsSync('seen')) expect(process.env.DATABASE_URL).toBe(readFileSync('seen', 'utf8'));
        writeFileSync('pid', String(liveWorker('ops').pid));
      });`,
    'c.test.js': `${fixtures}
      const { existsSync, readFileSync } = require('node:fs');
      test('it is the same', () => {
        if (existsSync('pid') && !existsSync('seen')) expect(liveWorker('ops').pid).toBe(Number(readFileSync('pid', 'utf8')));
      });`,
  }));

test('its death fails the running test with its last lines, and later ones say so', () =>
  withIsolatedProject(
    {
      'jest.config.js': config(opsWorker),
      'a.test.js': `${fixtures}
        test('passes', () => {});
        test('dies', async () => {
          process.kill(liveWorker('ops').pid, 'SIGKILL');
          await new Promise(resolve => setTimeout(resolve, 4000));
        });
        test('later', () => {});`,
    },
    async project => {
      const { results, output } = await project.run({ args: ['-i'] });
      expect(results?.numPassedTests).toBe(1);
      expect(output).toMatch(/\[WORKER_EXITED\]: Worker "ops" .*SIGKILL/);
      expect(output).toContain(
        'Worker "ops" is dead since the test "dies": it was killed by SIGKILL, see there',
      );
    },
  ));

test('one that is restarted by itself, floods its log, or is asked by a module', () =>
  expectGreen({
    'jest.config.js': config(
      opsWorker
        .replace('ops: {', "ops: { onExit: 'restart',")
        .replace('ready: [', "ready: [probes.module('./probe.js'), "),
    ),
    'probe.js': `module.exports = async ({ env }) => env.DATABASE_URL.includes('/lw_') ? { kind: 'ready' } : { kind: 'pending', why: 'no slot' };`,
    'a.test.js': `${fixtures}
      test('comes back', async () => {
        const ops = liveWorker('ops');
        const { pid } = ops;
        process.kill(pid, 'SIGKILL');
        await eventually(() => expect(ops.pid).not.toBe(pid));
        await eventually(() => expect(ops.state).toBe('ready'));
      });`,
  }));
