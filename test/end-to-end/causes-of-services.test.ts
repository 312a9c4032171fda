import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { configFile } from './harness/config-file.ts';
import { failedRun, failureOf, quick, scriptWorker } from './harness/failure-of.ts';
import { workersFolder } from './harness/folders.ts';
import { deleteQueues, withProject } from './harness/project.ts';
import { brokerUrl, databaseUrl } from './harness/services.ts';

jest.setTimeout(90_000);

const worker = (probe: string, rest = '') =>
  configFile(`ops: { command: ['node', W + '/amqplib-worker.mjs'], ${rest} ${quick} ready: [${probe}] },`);

test('D12, FAULT 47: a worker left over on the queue is named by pid and command line', async () =>
  withProject(
    {
      'jest.config.js': worker('rabbitmq({ queues: [TASK_QUEUE] })'),
      'a.test.js': `test('never runs', () => {});`,
    },
    async project => {
      const leftOver = spawn(process.execPath, [join(workersFolder, 'amqplib-worker.mjs')], {
        env: {
          ...process.env,
          RABBITMQ_URL: brokerUrl,
          DATABASE_URL: databaseUrl,
          TASK_QUEUE: project.queue,
        },
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = once(leftOver, 'exit');
      try {
        await once(leftOver.stdout, 'data');
        const { text, elapsedMs } = await failedRun(project, 'a.test.js');
        expect(text).toContain(`queue "<queue>" already has 1 consumer that is not this worker's`);
        expect(text).toContain('[STRANGERS_ON_QUEUE]');
        expect(text).toContain('candidates on this machine');
        expect(text).toMatch(new RegExp(`\\| pid ${leftOver.pid}, for \\d+ s: .*amqplib-worker.mjs`));
        expect(text).toContain("change: stop the other consumer, or set strangers: 'warn' or 'ignore'");
        expect(elapsedMs('session.opened', 'session.closed')).toBeLessThan(10_000);
      } finally {
        leftOver.kill('SIGKILL');
        await ended;
      }
    },
  ));

test('D20 a broker that is down is named with the file and line of its URL', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': worker('rabbitmq({ queues: [TASK_QUEUE] })', `envFile: 'worker.env',`),
    'worker.env': 'RABBITMQ_URL=amqp://guest:guest@127.0.0.1:1\n',
  });
  expect(failure).toContain('nothing listens on 127.0.0.1:1 (ECONNREFUSED), for 2000 ms');
  expect(failure).toContain('cause:  its URL comes from RABBITMQ_URL, set in worker.env:1');
  expect(failure).toContain('change: start RabbitMQ there');
});

test('D20 a database that does not exist is named at once, with what to do', async () => {
  const { text: failure } = await failureOf(
    { 'jest.config.js': worker('postgres({ table: TASK_TABLE })') },
    { env: { DATABASE_URL: databaseUrl.replace(/\/[^/]*$/, '/not_there') } },
  );
  expect(failure).toContain('has no database "not_there" (3D000)');
  expect(failure).toContain(
    'cause:  its URL comes from DATABASE_URL, inherited from the environment of Jest',
  );
  expect(failure).toContain('change: createdb it and run the migrations');
});

test('D21 a table that is missing is named with its database, as soon as the worker consumes', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': worker(
      `rabbitmq({ queues: [TASK_QUEUE] }), postgres({ table: 'no_such_table' })`,
      'env: { TASK_QUEUE },',
    ),
  });
  expect(failure).toContain('[NOT_READY]');
  expect(failure).toMatch(
    /cause: {2}relation "no_such_table" does not exist in database "\w+" of Postgres at \S+ \(DATABASE_URL/,
  );
  expect(failure).toContain('change: run the migrations on that database');
});

test('D21 a table is waited for as long as another worker starts, which may make it', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': configFile(`
      ops: { command: ['node', W + '/amqplib-worker.mjs'], env: { TASK_QUEUE }, ${quick}
        ready: [rabbitmq({ queues: [TASK_QUEUE] }), postgres({ table: 'no_such_table' })] },
      api: { command: ['node', W + '/never-ready.mjs'], ${quick} ready: [log({ pattern: 'consuming' })] },`),
  });
  expect(failure).toContain('[START_TIMEOUT]');
});

test('D22 a worker that consumes from another queue shows what it does consume from', async () => {
  const other = `e2e-other-${process.pid}`;
  const { text: failure } = await failureOf({
    'jest.config.js': worker(
      `rabbitmq({ queues: [TASK_QUEUE, '${other}'] })`,
      `env: { TASK_QUEUE: '${other}' },`,
    ),
  }).finally(() => deleteQueues([other]));
  expect(failure).toMatch(
    /cause: {2}it is connected to RabbitMQ at \S+, but does not consume from "<queue>": 0 consumers/,
  );
  expect(failure).toContain(`Of the queues this test file names, "${other}" has 1`);
  expect(failure).toContain(`TASK_QUEUE=${other} (set in the worker's env)`);
});

test('D24 SIGKILL from somebody else is told from an out-of-memory kill', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': scriptWorker(`['node', '-e', 'process.kill(process.pid, "SIGKILL")']`),
  });
  expect(failure).toContain('it was killed by SIGKILL before it was ready');
  expect(failure).toContain('cause:  it was killed by SIGKILL, not by live-worker');
});

test('D25 a worker that turned itself into a daemon shows what is left of it', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': scriptWorker(`['/usr/bin/python3', W + '/daemon.py']`),
  });
  expect(failure).toContain('it exited with code 0 before it was ready');
  expect(failure).toContain('cause:  it turned itself into a daemon');
  expect(failure).toMatch(/\| pid \d+: .*python3 -c import os, signal/);
});

test('D25, FAULT 29: a worker that had nothing to do is told from a daemon', async () => {
  const { text: failure } = await failureOf({
    'jest.config.js': scriptWorker(`['node', W + '/exit-zero.mjs']`),
  });
  expect(failure).toContain(
    'cause:  it had nothing to do, or it turned itself into a daemon; nothing is left of its tree',
  );
});
