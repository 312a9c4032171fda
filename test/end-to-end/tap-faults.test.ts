import { configFile, fixtures } from './harness/config-file.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;

/** Writes a row for each message, and connects again to whatever it loses, but to the broker only where it is told so. */
const node = `
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(124), 60000);
const { TASK_QUEUE, TASK_TABLE, RECONNECTS } = process.env;
let database;
async function insert(id) {
  if (!database) {
    database = new pg.Client(process.env.DATABASE_URL);
    database.on('error', () => { database = undefined; console.log('database lost'); });
    await database.connect();
  }
  await database.query('BEGIN');
  await database.query('INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1)', [id]);
  await database.query('COMMIT');
}
async function consume() {
  const broker = await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true });
  broker.on('error', error => console.log('broker lost: ' + error.message));
  broker.on('close', () => { if (RECONNECTS) setTimeout(consume, 20); });
  const channel = await broker.createChannel();
  channel.on('error', () => {});
  await channel.assertQueue(TASK_QUEUE, { durable: true });
  await channel.consume(TASK_QUEUE, async message => {
    const id = message.content.toString();
    await insert(id).then(() => console.log('done ' + id), error => console.log('failed ' + id + ': ' + error.message + error.code));
    channel.ack(message);
  });
  console.log('consuming');
}
consume();
`;

const pika = `
import os, signal, pika, psycopg2
signal.alarm(60)
queue, table = os.environ['TASK_QUEUE'], os.environ['TASK_TABLE']
channel = pika.BlockingConnection(pika.URLParameters(os.environ['RABBITMQ_URL'])).channel()
channel.queue_declare(queue, durable=True)
def take(channel, method, _, body):
    database = psycopg2.connect(os.environ['DATABASE_URL'])
    try:
        with database.cursor() as cursor:
            cursor.execute('INSERT INTO ' + table + ' (id) VALUES (%s)', (body.decode(),))
        database.commit()
        print('done ' + body.decode(), flush=True)
    except psycopg2.OperationalError as error:
        print('failed ' + body.decode() + ': ' + type(error).__name__, flush=True)
    channel.basic_ack(method.delivery_tag)
channel.basic_consume(queue, take)
channel.start_consuming()
`;

const workers = { amqplib: `['node', 'worker.js']`, pika: `['${python}', 'worker.py']` };
type WorkerName = keyof typeof workers;

const project = (
  name: WorkerName,
  body: string,
  { env = '', session = 'tap: true,' } = {},
): ProjectFiles => ({
  'worker.js': node,
  'worker.py': pika,
  'jest.config.js': configFile(
    `ops: { command: ${workers[name]}, env: { TASK_QUEUE, TASK_TABLE, ${env} }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
    { session },
  ),
  'a.test.js': `${fixtures}
const rows = async () => (await postgres().query('SELECT id FROM ' + TASK_TABLE + ' ORDER BY id')).rows.map(({ id }) => id);
const { logs } = liveWorker('ops');
const publish = id => rabbitmq().publish(TASK_QUEUE, id);
${body}`,
});

test.each<[WorkerName, string]>([
  ['amqplib', 'failed a: .*ECONNRESET'],
  ['pika', 'failed a: OperationalError'],
])('the answer of a COMMIT is lost: %s hears of a reset, and the row is there', async (name, heard) => {
  const body = `
test('loses it', async () => {
  const lost = await postgres().fault.loseAnswer({ statement: 'INSERT INTO ' + TASK_TABLE });
  await publish('a');
  const { effect } = await lost.reached();
  expect(effect).toMatchObject({ kind: 'commit' });
  await logs.waitFor(/${heard}/);
  expect(await rows()).toEqual(['a']);
});
test('the next is as ever', async () => {
  await publish('b');
  await logs.waitFor('done b');
  expect(await rows()).toEqual(['a', 'b']);
});
test('what is not lost fails', async () => {
  const lost = await postgres({ worker: 'ops' }).fault.loseAnswer({ statement: /nowhere/ });
  await publish('c');
  await logs.waitFor('done c');
  expect((await caught(lost.reached({ timeoutMs: 50 }))).message).toContain('lose the answer after commit of /nowhere/');
});`;
  await passes(project(name, body), 3);
});

test('connections to the broker are cut, and the worker that connects again is waited for', async () => {
  const body = `
test('cuts', async () => {
  expect(await rabbitmq().fault.cut()).toBe(1);
  await logs.waitFor('broker lost');
});
test('goes on', async () => {
  await publish('a');
  await logs.waitFor('done a');
  expect(logs.text().match(/^consuming$/gm)).toHaveLength(2);
});
test('the database', async () => {
  const pid = liveWorker('ops').pid;
  expect(await postgres().fault.cut()).toBe(1);
  await logs.waitFor('database lost');
  await publish('b');
  await logs.waitFor('done b');
  expect(liveWorker('ops').pid).toBe(pid);
});`;
  await passes(project('amqplib', body, { env: `RECONNECTS: '1',` }), 3);
});

test('a worker that does not consume again is started anew for the next test', async () => {
  const body = `
let pid;
test('cuts', async () => {
  pid = liveWorker('ops').pid;
  expect(await rabbitmq({ worker: 'ops' }).fault.cut()).toBe(1);
});
test('goes on', async () => {
  expect(liveWorker('ops').pid).not.toBe(pid);
  await publish('a');
  await logs.waitFor('done a');
});`;
  await withProject(project('amqplib', body), async running => {
    const { code, output } = await running.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).toContain(
      'live-worker: ops: it does not consume again 5 s after its connections were cut, and is started anew',
    );
  });
});

test('without a tap nothing can go wrong by itself', async () => {
  const body = `
test('is refused', async () => {
  expect(await caught(rabbitmq().fault.cut())).toMatchObject({ code: 'TAP_NEEDED' });
  expect(await caught(postgres().fault.loseAnswer())).toMatchObject({ code: 'TAP_NEEDED',
    message: expect.stringContaining('no worker of this file has a tap that leads to Postgres') });
  expect(await caught(postgres().fault.loseAnswer({ statement: 5 }))).toMatchObject({ code: 'ARGUMENT_INVALID' });
  expect(await caught(postgres().fault.loseAnswer({ sql: 'a' }))).toMatchObject({ code: 'ARGUMENT_INVALID' });
});`;
  await passes(project('amqplib', body, { session: '' }), 1);
});

async function passes(files: ProjectFiles, tests: number): Promise<void> {
  await withProject(files, async running => {
    const { code, output, results } = await running.run();
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: tests,
      output: '',
    });
  });
}
