import { stripVTControlCharacters } from 'node:util';
import { configFile, fixtures } from './harness/config-file.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const tapped = (workers: string) => configFile(workers, { session: 'tap: true,' });
const node = `ops: { command: ['node', 'worker.js'], env: { TASK_QUEUE, TASK_TABLE }, stop: { graceMs: 200 }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;
const celery = `ops: { command: ['${python}', '-m', 'celery', '-A', 'app', 'worker', '-c', '2', '-Q', TASK_QUEUE, '--without-mingle', '--without-gossip'],
  env: { TASK_QUEUE, TASK_TABLE }, stop: { graceMs: 200 }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;

const start = `${fixtures}
const { flow, settled } = require('jest-environment-live-worker/fixtures');
const { celeryMessage } = require(WORKERS_DIR + '/celery-message.cjs');
const send = message => rabbitmq().publish(TASK_QUEUE, message);
const plain = text => text.replaceAll(TASK_QUEUE, '<queue>').replaceAll(TASK_TABLE, '<table>');
`;

const amqplibWorker = `
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(), 120000);
const { TASK_QUEUE: queue, TASK_TABLE: table } = process.env;
(async () => {
  const database = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await database.connect();
  const broker = await amqplib.connect(process.env.RABBITMQ_URL);
  const channel = await broker.createChannel();
  await channel.assertQueue(queue, { durable: true });
  await channel.consume(queue, async message => {
    const { id, rollBack, wait = 0 } = JSON.parse(message.content);
    await database.query('BEGIN');
    await database.query("INSERT INTO " + table + " (id, status) VALUES ($1, 'DONE')", [id]);
    await new Promise(resolve => setTimeout(resolve, wait));
    if (rollBack) await database.query('SELECT 1/0').catch(() => {});
    await database.query(rollBack ? 'ROLLBACK' : 'COMMIT');
    channel.publish('amq.topic', 'done.' + id, Buffer.from('{}'));
    channel.ack(message);
  });
})();
`;

test('amqplib: what the worker did for each message of this very test, in its order', () =>
  passes(
    { 'jest.config.js': tapped(node), 'worker.js': amqplibWorker },
    `
test('one message', async () => {
  await rabbitmq().publish(TASK_QUEUE, { id: 'a' }, { messageId: 'm-a' });
  await settled();
  const seen = await flow();
  const { pid } = liveWorker('ops');
  expect(seen.entries.map(({ kind }) => kind)).toEqual(['delivered', 'statement', 'transaction', 'published', 'acknowledged']);
  const [{ delivery }] = seen.entries;
  for (const entry of seen.entries) expect(entry).toMatchObject({ worker: 'ops', via: 'exact', delivery, pid, atMs: expect.any(Number) });
  const { transaction } = seen.of('transaction')[0];
  expect(seen.entries).toMatchObject([
    { kind: 'delivered', queue: TASK_QUEUE, exchange: '', routingKey: TASK_QUEUE, redelivered: false, messageId: 'm-a', connection: 'amqp 1' },
    { kind: 'statement', sql: "INSERT INTO " + TASK_TABLE + " (id, status) VALUES ($1, 'DONE')", tag: 'INSERT 0 1', transaction, connection: 'postgres 1' },
    { kind: 'transaction', outcome: 'committed' },
    { kind: 'published', exchange: 'amq.topic', routingKey: 'done.a' },
    { kind: 'acknowledged', queue: TASK_QUEUE },
  ]);
  expect(seen.missed).toBe(0);
  expect(plain(seen.summary())).toBe([
    '1 × message of queue "<queue>"',
    '  INSERT INTO <table> (id, status) VALUES (…)',
    '  transaction committed',
    '  published to exchange "amq.topic" by "done.a"',
    '  acknowledged',
  ].join('\\n'));
});
test('several at once: one of them, where that cannot be told', async () => {
  await Promise.all(['b', 'c'].map(id => send({ id, wait: 150 })));
  await settled();
  const seen = await flow();
  expect(seen.of('delivered')).toHaveLength(2);
  const ids = seen.of('delivered').map(({ delivery }) => delivery);
  expect(seen.of('statement').some(({ delivery }) => delivery.oneOf)).toBe(true);
  for (const { delivery } of seen.of('statement')) expect(delivery.oneOf ?? [delivery]).toEqual(delivery.oneOf ? ids : [expect.any(Number)]);
  expect(new Set(seen.entries.map(({ via }) => via))).toEqual(new Set(['exact']));
});
test('an error, and a transaction that is rolled back', async () => {
  await send({ id: 'd', rollBack: true });
  await settled();
  const seen = await flow();
  expect(seen.of('statement')).toMatchObject([{ tag: 'INSERT 0 1' }, { sql: 'SELECT 1/0', sqlState: '22012' }]);
  expect(seen.of('transaction')).toMatchObject([{ outcome: 'rolled back' }]);
  expect(plain(seen.summary())).toContain('  SELECT ?/?, refused with 22012\\n  transaction rolled back');
});
test('what is not published by a fixture is of the only test that ran', async () => {
  await rabbitmq().consume({ exchange: 'amq.topic', routingKey: '#' });
  const { connect } = require(${JSON.stringify(require.resolve('amqplib'))});
  const broker = await connect(rabbitmq().url);
  const channel = await broker.createConfirmChannel();
  channel.sendToQueue(TASK_QUEUE, Buffer.from(JSON.stringify({ id: 'e' })));
  await channel.waitForConfirms();
  await broker.close();
  await settled();
  expect(new Set((await flow()).entries.map(({ via }) => via))).toEqual(new Set(['window']));
});
test('a test that left early', () => send({ id: 'late', wait: 300 }));
test('has no flow in the next', async () => {
  await settled();
  const { entries } = await flow();
  expect(entries.map(({ kind, via }) => kind + ' ' + via)).toEqual(expect.arrayContaining(['transaction none', 'published none', 'acknowledged none']));
});
test.concurrent('of tests that run at once', async () => { await send({ id: 'f' }); });
test.concurrent('nobody knows whose it is', async () => {
  await send({ id: 'g' });
  await settled();
  expect(new Set((await flow()).entries.map(({ via }) => via))).toEqual(new Set(['none']));
});
`,
  ));

const celeryApp = `
import os, signal, time
import psycopg2
from celery import Celery
signal.alarm(120)
app = Celery('app', broker=os.environ['RABBITMQ_URL'])
app.conf.update(task_ignore_result=True, task_acks_late=True, worker_send_task_events=True)
@app.task(name='process')
def process(id):
    database = psycopg2.connect(os.environ['DATABASE_URL'])
    with database, database.cursor() as cursor:
        cursor.execute(f"INSERT INTO {os.environ['TASK_TABLE']} (id, status) VALUES (%s, %s)", (id, 'DONE'))
    database.close()
`;

test('Celery, whose children have connections of their own; events and remote control are no part of it', () =>
  passes(
    { 'jest.config.js': tapped(celery), 'app.py': celeryApp },
    `
test('tasks', async () => {
  for (const id of ['one', 'two']) {
    const { content, options } = celeryMessage('process', id);
    await rabbitmq().publish(TASK_QUEUE, content, options);
    await settled();
  }
  const seen = await flow();
  expect(new Set(seen.entries.map(({ via }) => via))).toEqual(new Set(['exact']));
  expect(plain(seen.summary())).toBe([
    '2 × task "process" of queue "<queue>"',
    '  INSERT INTO <table> (id, status) VALUES (…)',
    '  transaction committed',
    '  acknowledged',
  ].join('\\n'));
});
`,
  ));

test('a failed test tells in short what its worker did, and the records have it of each test', async () => {
  const body = `${start}
test('passes', async () => { await send({ id: 'a' }); await settled(); });
test('fails', async () => { await send({ id: 'b' }); await settled(); expect('RUNNING').toBe('DONE'); });
test('does nothing', () => {});`;
  await withProject(
    { 'jest.config.js': tapped(node), 'worker.js': amqplibWorker, 'a.test.js': body },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      const text = stripVTControlCharacters(output)
        .replaceAll(project.queue, '<queue>')
        .replaceAll(project.table, '<table>');
      expect(text).toContain(
        [
          'through its tap meanwhile:',
          '  1 × message of queue "<queue>"',
          '    INSERT INTO <table> (id, status) VALUES (…)',
          '    transaction committed',
          '    published to exchange "amq.topic" by "done.b"',
          '    acknowledged',
        ].join('\n    '),
      );
      const flows = project.events().filter(({ event }) => event === 'tap.flow');
      expect(flows.map(({ number }) => number)).toEqual([1, 2]);
      expect(flows[0]).toMatchObject({
        counts: { delivered: 1, statement: 1, transaction: 1, published: 1, acknowledged: 1 },
      });
      expect(String(flows[0]?.summary)).toContain('acknowledged');
    },
  );
});

test('without a tap it is told which option it needs', () =>
  passes(
    { 'jest.config.js': configFile(node), 'worker.js': amqplibWorker },
    `
test('no tap', async () => {
  expect(await caught(flow())).toMatchObject({ code: 'TAP_NEEDED', message: expect.stringMatching(/^flow\\(\\) needs the tap of a worker\\n/) });
});`,
  ));

async function passes(files: ProjectFiles, body: string): Promise<void> {
  await withProject({ ...files, 'a.test.js': `${start}${body}` }, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : stripVTControlCharacters(output) }).toEqual({
      code: 0,
      output: '',
    });
  });
}
