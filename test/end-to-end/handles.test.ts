import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

async function expectGreen(
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<void> {
  await withProject(files, async project => {
    const { code, output } = await project.run({ args });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).not.toContain('did not exit');
  });
}

test('a test stops, starts, restarts, pauses and kills its worker', async () =>
  expectGreen({
    'jest.config.js': configFile(opsWorker),
    'a.test.js': `${fixtures}
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
        await ops.restart();
        expect(ops.env).not.toHaveProperty('EXTRA');
      });
      test('a paused worker takes nothing until it is resumed', async () => {
        const id = crypto.randomUUID();
        await ops.pause();
        await postgres().query('insert into ' + TASK_TABLE + ' (id) values ($1)', [id]);
        await rabbitmq().publish(TASK_QUEUE, { id, provider: 'known' });
        const done = options => postgres().waitForRow('select 1 from ' + TASK_TABLE + " where id = $1 and status = 'COMPLETED'", [id], options);
        expect((await caught(done({ timeoutMs: 300 }))).message).toMatch(/answered no row within \\d+ ms/);
        await ops.resume();
        await done();
      });
      test('a kill asked for by the test is no failure', async () => {
        await ops.kill();
        expect(ops.exit).toEqual({ code: null, signal: 'SIGKILL' });
        await ops.start();
        await ops.kill('SIGTERM');
        await eventually(() => expect(ops.state).toBe('stopped'));
        await ops.start();
      });`,
  }));

test('messages are published, counted, taken and purged, and one that nobody takes is an error', async () =>
  expectGreen({
    'jest.config.js': configFile(opsWorker),
    'a.test.js': `${fixtures}
      test('broker', async () => {
        await liveWorker('ops').stop();
        const broker = rabbitmq();
        expect(broker.url).toBe(process.env.RABBITMQ_URL);
        await broker.publish(TASK_QUEUE, 'text', { messageId: 'm1', headers: { a: 1 } });
        await broker.publish(TASK_QUEUE, { json: true });
        await broker.publish(TASK_QUEUE, Buffer.from([1, 2]));
        expect(await broker.depth(TASK_QUEUE)).toStrictEqual({ ready: 3, consumers: 0 });
        const first = await broker.get(TASK_QUEUE);
        expect(first.content.toString()).toBe('text');
        expect(first.properties).toMatchObject({ messageId: 'm1', headers: { a: 1 } });
        expect((await broker.get(TASK_QUEUE)).properties.contentType).toBe('application/json');
        expect(await broker.purge(TASK_QUEUE)).toBe(1);
        expect(await broker.get(TASK_QUEUE)).toBeNull();
        const error = await caught(broker.publish(TASK_QUEUE + '-typo', 'x'));
        expect(error.code).toBe('MESSAGE_UNROUTABLE');
        expect(error.message).toContain('there is no queue "' + TASK_QUEUE + '-typo"');
        expect(error.message).toContain('"' + TASK_QUEUE + '" (0 consumers)');
        expect(isLiveWorkerError(error) && error instanceof Error).toBe(true);
        expect(error.stack).toContain('a.test.js');
        expect(await caught(broker.publish(TASK_QUEUE, undefined))).toMatchObject({ code: 'BROKER_REFUSED' });
        expect((await caught(broker.publish(TASK_QUEUE, 1n))).message).toContain('Cannot publish bigint: it has no form in JSON');
      });
      test('database', async () => {
        const { rows, rowCount } = await postgres().query("select 1 as one, now() as now, array['a'] as list");
        expect(rowCount).toBe(1);
        expect(rows).toStrictEqual([{ one: 1, now: expect.any(Date), list: ['a'] }]);
        const error = await caught(postgres().query('select * from nowhere'));
        expect(error.code).toBe('QUERY_FAILED');
        expect(error.details.sqlState).toBe('42P01');
        expect(error.stack).toContain('a.test.js');
        await postgres().query('begin');
        await postgres().query('insert into ' + TASK_TABLE + " (id) values ('rolled-back')");
        await postgres().query('rollback');
        expect((await postgres().query('select 1 from ' + TASK_TABLE)).rowCount).toBe(0);
      });`,
  }));

test('waits end before the test does, with the last assertion, fake timers or not', async () =>
  withProject(
    {
      'jest.config.js': configFile(opsWorker),
      'a.test.js': `${fixtures}
        test('assertion', async () => { await eventually(() => expect('PENDING').toBe('COMPLETED')); }, 900);
        test('row', async () => { await postgres().waitForRow('select 1 where false'); }, 900);
        test('log', async () => { await liveWorker('ops').logs.waitFor('never written'); }, 900);
        test('stuck', async () => { await eventually(() => new Promise(() => {})); }, 900);
        test('faked', async () => { jest.useFakeTimers(); await eventually(() => expect(1).toBe(2)); }, 900);
        test('unknown', () => { liveWorker('opps'); });`,
    },
    async project => {
      const { output, results } = await project.run();
      const messages = new Map(
        results?.testResults[0]?.assertionResults.map(({ fullName, failureMessages }) => [
          fullName,
          failureMessages.join(),
        ]),
      );
      expect(messages.get('assertion')).toMatch(
        /eventually: still failing after \d+ ms and \d+ attempts[\s\S]*Expected: .*"COMPLETED"/,
      );
      expect(messages.get('row')).toMatch(
        /The query answered no row within \d+ ms \(\d+ attempts\)\nquery: {2}select 1 where false/,
      );
      expect(messages.get('log')).toMatch(
        /Worker "ops" wrote no line that matches \/never written\/ within \d+ ms/,
      );
      expect(messages.get('stuck')).toMatch(
        /eventually: the attempt did not end, after \d+ ms and 1 attempt/,
      );
      expect(messages.get('faked')).toMatch(/eventually: still failing after/);
      expect(messages.get('unknown')).toContain(
        'This test file has no worker "opps": it has "ops"\nDid you mean "ops"?\n',
      );
      expect(output).not.toContain('Exceeded timeout');
    },
  ));

test('a pragma picks the workers of a file', async () =>
  expectGreen({
    'jest.config.js': configFile(`
      one: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [] },
      two: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [] },
      three: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [], after: ['two'] },`),
    'one.test.js': `/** @live-worker one */ ${fixtures}
      test('one', () => { expect(liveWorker('one').state).toBe('ready'); expect(() => liveWorker('two')).toThrow('it has "one"'); });`,
    'three.test.js': `/** @live-worker three */ ${fixtures}
      test('three and what it waits for', () => { liveWorker('two'); liveWorker('three'); expect(() => liveWorker('one')).toThrow(); });`,
    'none.test.js': `/** @live-worker none */ ${fixtures}
      test('none', () => expect(() => liveWorker('one')).toThrow('it has none'));`,
  }));
