import { stripVTControlCharacters } from 'node:util';
import { configFile, fixtures } from './harness/config-file.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const tapped = (workers: string, tap = 'true') => configFile(workers, { session: `tap: ${tap},` });
const node = `ops: { command: ['node', 'worker.js'], env: { TASK_QUEUE, TASK_TABLE }, stop: { graceMs: 200 }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;
const byPython = node.replace("'node', 'worker.js'", `'${python}', 'worker.py'`);
const celery = `ops: { command: ['${python}', '-m', 'celery', '-A', 'app', 'worker', '-c', '2', '-Q', TASK_QUEUE, '--without-mingle', '--without-gossip'],
  env: { TASK_QUEUE, TASK_TABLE }, stop: { graceMs: 200 }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;

const start = `${fixtures}
const { settled } = require('jest-environment-live-worker/fixtures');
const { celeryMessage } = require(WORKERS_DIR + '/celery-message.cjs');
const rows = async () => (await postgres({ url: process.env.DATABASE_URL }).query('SELECT id, status FROM ' + TASK_TABLE + ' ORDER BY id')).rows;
const send = message => rabbitmq().publish(TASK_QUEUE, message);
`;

/** Does what a message says; ends after 120 s. */
const amqplibWorker = `
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(), 120000);
const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const { TASK_QUEUE: queue, TASK_TABLE: table } = process.env;
(async () => {
  const database = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await database.connect();
  await database.query('LISTEN anything');
  const broker = await amqplib.connect(process.env.RABBITMQ_URL);
  const channel = await broker.createChannel();
  const later = queue + '-later';
  await channel.assertQueue(later, { autoDelete: true, expires: 60000, deadLetterExchange: '', deadLetterRoutingKey: queue, messageTtl: 400 });
  const taken = [];
  const acts = {
    wait: ms => sleep(ms),
    insert: id => database.query('INSERT INTO ' + table + ' (id, status) VALUES ($1, $2)', [id, 'DONE']),
    sql: text => database.query(text),
    publish: (content, to = queue) => channel.sendToQueue(to, Buffer.from(JSON.stringify(content))),
    later: content => channel.sendToQueue(later, Buffer.from(JSON.stringify(content))),
    ackAll: () => channel.ack(taken.at(-1), true),
    reject: () => channel.nack(taken.at(-1), false, true),
    close: () => channel.close(),
  };
  await channel.assertQueue(queue, { durable: true });
  if (process.env.POLL) setInterval(() => database.query(process.env.POLL), 30);
  await channel.consume(queue, async message => {
    taken.push(message);
    const { does, ack = true } = JSON.parse(message.content);
    for (const [name, ...words] of does) {
      if (name === 'reject' && message.fields.redelivered) continue;
      await acts[name](...words);
      if (name === 'reject' || name === 'close') return;
    }
    if (ack && !process.env.NO_ACK) channel.ack(message);
  }, { noAck: Boolean(process.env.NO_ACK) });
})();
`;

test('amqplib: settled when everything that follows is done, however long it takes', () =>
  passes(
    { 'jest.config.js': tapped(node), 'worker.js': amqplibWorker },
    `
test('nothing', () => settled());
test('a chain', async () => {
  const third = { does: [['wait', 250], ['insert', 'third']] };
  const second = { does: [['insert', 'second'], ['publish', third]] };
  await send({ does: [['wait', 250], ['insert', 'first'], ['publish', second]] });
  await settled();
  expect((await rows()).map(({ id }) => id)).toEqual(['first', 'second', 'third']);
});
test('a transaction with a savepoint', async () => {
  const sql = text => ['sql', text];
  await send({ does: [sql('BEGIN'), ['insert', 'kept'], sql('SAVEPOINT a'), ['insert', 'gone'], sql('ROLLBACK TO SAVEPOINT a'), sql('RELEASE a'), ['wait', 200], sql('COMMIT')] });
  await settled();
  expect((await rows()).map(({ id }) => id)).toContain('kept');
  expect((await rows()).map(({ id }) => id)).not.toContain('gone');
});
test('one acknowledgement for several', async () => {
  await Promise.all(['a', 'b'].map(id => send({ does: [['insert', 'multiple ' + id]], ack: false })));
  await send({ does: [['wait', 200], ['insert', 'multiple c'], ['ackAll']], ack: false });
  await settled();
  expect((await rows()).filter(({ id }) => id.startsWith('multiple'))).toHaveLength(3);
});
test('a redelivery', async () => {
  await send({ does: [['wait', 150], ['reject'], ['insert', 'again']] });
  await settled();
  expect((await rows()).map(({ id }) => id)).toContain('again');
});
test('a retry that waits on a queue', async () => {
  await send({ does: [['later', { does: [['insert', 'later']] }]] });
  await settled();
  expect((await rows()).map(({ id }) => id)).toContain('later');
});
test('a message with an expiration, left out of account', async () => {
  await send({ does: [['later', { does: [['wait', 300]] }]] });
  const began = Date.now();
  await settled({ delayed: 'ignore' });
  expect(Date.now() - began).toBeLessThan(390);
  await settled();
});
`,
  ));

test('amqplib: what is not over is named, and where, and since when', () =>
  passes(
    { 'jest.config.js': tapped(node), 'worker.js': amqplibWorker },
    `
const failure = options => caught(settled({ timeoutMs: 600, ...options }));
test('a statement', async () => {
  await send({ does: [['sql', 'SELECT pg_sleep(1.5)']] });
  const { code, message } = await failure();
  expect(code).toBe('NOT_SETTLED');
  expect(message).toMatch(/^The workers had not settled within 600 ms\\n/);
  expect(message).toMatch(RegExp('a statement of worker "ops", pid ' + liveWorker('ops').pid + ', under way for 0.\\\\d s: SELECT pg_sleep\\\\(1.5\\\\)'));
  await settled();
});
test('a delayed message that comes too late fails at once', async () => {
  await send({ does: [['later', { does: [] }]] });
  const began = Date.now();
  const { message } = await failure({ timeoutMs: 250 });
  expect(message).toMatch(/cannot settle within 250 ms: something is to happen later\\n {2}a message on queue ".*-later", to go on by itself, due in 0.\\d s\\n/);
  await settled();
});
test('a transaction and a message', async () => {
  await rabbitmq().publish(TASK_QUEUE, { does: [['sql', 'BEGIN'], ['insert', 'open']], ack: false }, { messageId: 'm-1' });
  const { message } = await failure();
  const { pid } = liveWorker('ops');
  expect(message).toMatch(RegExp('1 message \\\\(m-1\\\\) of queue "' + TASK_QUEUE + '" delivered to worker "ops", pid ' + pid + ', 0.\\\\d s ago, not acknowledged'));
  expect(message).toMatch(/a transaction of worker "ops", pid \\d+, open for 0.\\d s, its last statement: INSERT INTO/);
});
test('what was left by another test', async () => {
  await new Promise(resolve => setTimeout(resolve, 20));
  const { message } = await failure();
  expect(message).toMatch(/delivered to worker "ops", pid \\d+, \\d.\\d s ago, before this test began, not acknowledged/);
  expect(message).not.toContain('a transaction of');
});
test('a queue that nobody consumes', async () => {
  await rabbitmq().declare({ queue: TASK_QUEUE + '-other' });
  await rabbitmq().publish(TASK_QUEUE + '-other', 'x');
  await liveWorker('ops').restart();
  await settled({ queues: [], timeoutMs: 2000 }).catch(() => {});
  const { message } = await failure({ queues: [TASK_QUEUE + '-other'] });
  expect(message).toContain('queue "' + TASK_QUEUE + '-other": 1 message waiting');
  expect(await failure({ queues: ['nowhere-' + TASK_QUEUE] })).toMatchObject({ code: 'BROKER_REFUSED' });
});
test.each([[{ quietMs: -1 }, /quietMs is -1/], [{ delayed: 'no' }, /delayed is "no", wanted "wait" or "ignore"/], [{ quiet: 1 }, /quiet is 1, wanted nothing: it has timeoutMs/]])(
  'bad arguments: %j', async (given, message) => {
  expect(await caught(settled(given))).toMatchObject({ code: 'ARGUMENT_INVALID', message: expect.stringMatching(message) });
});
`,
  ));

test('amqplib: a consumer without acknowledgements is blind once it was sent something', () =>
  passes(
    { 'jest.config.js': tapped(node.replace('env: {', `env: { NO_ACK: '1',`)), 'worker.js': amqplibWorker },
    `
test('nothing', () => settled());
test('something', async () => {
  await send({ does: [['wait', 300], ['insert', 'unseen']] });
  const error = await caught(settled());
  expect(error).toMatchObject({ code: 'SETTLED_BLIND', message: expect.stringContaining('worker "ops" consumes "' + TASK_QUEUE + '" without acknowledgements') });
  await settled({ quietMs: 1000 });
  expect(await rows()).toHaveLength(1);
});
`,
  ));

test('polling is named as what kept it from settling, and left out by tap.ignore', async () => {
  const poll = `env: { POLL: 'SELECT 1 FROM pg_class LIMIT 1',`;
  const files = { 'worker.js': amqplibWorker };
  await passes(
    { ...files, 'jest.config.js': tapped(node.replace('env: {', poll)) },
    `
test('polls', async () => {
  const { message } = await caught(settled({ timeoutMs: 500 }));
  expect(message).toMatch(/worker "ops" went on: SELECT \\? FROM pg_class LIMIT \\?, \\d+ times, the last 0.0 s ago; what is no doing of the test is left out by tap.ignore/);
});`,
  );
  const ignoring = tapped(
    node.replace('env: {', poll),
    `{ ignore: { statements: ['select 1 from pg_class *'] } }`,
  );
  await passes({ ...files, 'jest.config.js': ignoring }, `test('polls', () => settled());`);
});

const pikaWorker = `
import json, os, signal, sys, time
import pika, psycopg2
signal.alarm(120)
queue, table = os.environ['TASK_QUEUE'], os.environ['TASK_TABLE']
database = psycopg2.connect(os.environ['DATABASE_URL'])
channel = pika.BlockingConnection(pika.URLParameters(os.environ['RABBITMQ_URL'])).channel()
channel.queue_declare(queue, durable=True)
def take(channel, method, properties, body):
    message = json.loads(body)
    with database.cursor() as cursor:
        cursor.execute(f'INSERT INTO {table} (id, status) VALUES (%s, %s)', (message['id'], 'DONE'))
    time.sleep(message.get('wait', 0))
    if message.get('commit', True):
        database.commit()
    if message.get('ack', True):
        channel.basic_ack(method.delivery_tag, multiple=message.get('multiple', False))
channel.basic_consume(queue, take)
channel.start_consuming()
`;

test('pika and psycopg2, whose transactions begin by themselves', () =>
  passes(
    { 'jest.config.js': tapped(byPython), 'worker.py': pikaWorker },
    `
test('committed, then acknowledged', async () => {
  await send({ id: 'one', wait: 0.3, ack: false });
  await send({ id: 'two', wait: 0.3, multiple: true });
  await settled();
  expect(await rows()).toHaveLength(2);
});
test('acknowledged, and not committed', async () => {
  await send({ id: 'three', commit: false });
  const { message } = await caught(settled({ timeoutMs: 500 }));
  expect(message).toMatch(/a transaction of worker "ops", pid \\d+, open for 0.\\d s, its last statement: INSERT INTO/);
  expect(message).not.toContain('not acknowledged');
});
`,
  ));

const celeryApp = (settings: string) => `
import os, signal, time
import psycopg2
from celery import Celery
signal.alarm(120)
app = Celery('app', broker=os.environ['RABBITMQ_URL'])
app.conf.update(task_ignore_result=True, ${settings})
@app.task(name='process')
def process(id, wait):
    time.sleep(wait)
    database = psycopg2.connect(os.environ['DATABASE_URL'])
    with database, database.cursor() as cursor:
        cursor.execute(f"INSERT INTO {os.environ['TASK_TABLE']} (id, status) VALUES (%s, %s)", (id, 'DONE'))
    database.close()
@app.task(name='early', acks_late=False)
def early():
    time.sleep(0.3)
`;
const sendTask = `
const sendTask = (task, ...args) => { const { content, options } = celeryMessage(task, ...args); return rabbitmq().publish(TASK_QUEUE, content, options); };
`;

test('Celery with acks_late, and a task without it', () =>
  passes(
    { 'jest.config.js': tapped(celery), 'app.py': celeryApp('task_acks_late=True') },
    `${sendTask}
test('done, then acknowledged', async () => {
  await Promise.all(['one', 'two', 'three'].map(id => sendTask('process', id, 0.4)));
  await settled();
  expect(await rows()).toHaveLength(3);
});
test('a task that is acknowledged early', async () => {
  await sendTask('early');
  const { code, message } = await caught(settled());
  expect(code).toBe('SETTLED_BLIND');
  expect(message).toContain('worker "ops" acknowledges task "early" of queue "' + TASK_QUEUE + '" before it is done (acks_late is not set)');
});
`,
  ));

test.each([
  [
    'as it is by default',
    '',
    /acknowledges task "process" of queue ".*" before it is done \(acks_late is not set\)/,
  ],
  [
    'that answers nobody',
    'task_acks_late=True, worker_enable_remote_control=False',
    /does not tell whether it acknowledges task "process"/,
  ],
])('Celery %s is refused once it was sent a task', (_, settings, message) =>
  passes(
    { 'jest.config.js': tapped(celery), 'app.py': celeryApp(settings) },
    `${sendTask}
test('nothing', () => settled());
test('a task', async () => {
  await sendTask('process', 'one', 0.2);
  const error = await caught(settled());
  expect(error).toMatchObject({ code: 'SETTLED_BLIND' });
  expect(error.message).toMatch(${message});
  await settled({ quietMs: 1000 });
  expect(await rows()).toHaveLength(1);
});
`,
  ),
);

/** What Dramatiq does on the wire: a delayed retry by a queue it consumes and holds, the dead ones in a third. */
const dramatiqLike = `
import json, os, signal, threading, time
import pika
signal.alarm(120)
q = os.environ['TASK_QUEUE']
parameters = pika.URLParameters(os.environ['RABBITMQ_URL'])
connection = pika.BlockingConnection(parameters)
channel = connection.channel()
channel.queue_declare(q + '.XQ', durable=True, auto_delete=True, arguments={'x-expires': 60000})
dead = {'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': q + '.XQ'}
channel.queue_declare(q, durable=True)
channel.queue_declare(q + '.DQ', durable=True, auto_delete=True, arguments={'x-expires': 60000, **dead})
def work(channel, method, properties, body):
    message = json.loads(body)
    if message.pop('retryAfter', None) is not None:
        channel.basic_publish('', q + '.DQ', json.dumps(message))
    channel.basic_ack(method.delivery_tag)
def hold(channel, method, properties, body):
    def due():
        channel.basic_publish('', q, body)
        channel.basic_ack(method.delivery_tag)
    connection.call_later(0.5, due)
channel.basic_consume(q + '.DQ', hold)
channel.basic_consume(q, work)
channel.start_consuming()
`;

test('as Dramatiq does it: a retry that the worker holds until its time', () =>
  passes(
    { 'jest.config.js': tapped(byPython), 'worker.py': dramatiqLike },
    `
test('is waited for', async () => {
  await send({ retryAfter: 500 });
  const began = Date.now();
  await settled();
  expect(Date.now() - began).toBeGreaterThan(500);
});
test('is named', async () => {
  await send({ retryAfter: 500 });
  const { message } = await caught(settled({ timeoutMs: 300 }));
  expect(message).toContain('a message of queue "' + TASK_QUEUE + '.DQ", which the worker holds until its time; nobody tells when that is');
});
test('is left out of account', async () => {
  await send({ retryAfter: 500 });
  const began = Date.now();
  await settled({ delayed: 'ignore' });
  expect(Date.now() - began).toBeLessThan(450);
  await settled();
});
`,
  ));

const rejecting = `
const amqplib = require('amqplib');
setTimeout(() => process.exit(), 120000);
const { TASK_QUEUE: queue, DEAD_LETTERS } = process.env;
(async () => {
  const broker = await amqplib.connect(process.env.RABBITMQ_URL);
  const channel = await broker.createChannel();
  const dead = queue + '-dead';
  const retry = { autoDelete: true, expires: 60000 };
  if (DEAD_LETTERS === 'declared') {
    await channel.assertQueue(queue + '-retry', { ...retry, deadLetterExchange: '', deadLetterRoutingKey: queue, messageTtl: 100 });
    await channel.assertExchange(dead, 'topic', { autoDelete: true });
    await channel.assertQueue(dead, retry);
    await channel.bindQueue(dead, dead, '#');
    await channel.assertQueue(queue, { ...retry, deadLetterExchange: dead });
  }
  if (DEAD_LETTERS === 'retried') await channel.assertQueue(queue, { ...retry, deadLetterExchange: '', deadLetterRoutingKey: queue + '-retry' });
  let times = 0;
  await channel.consume(queue, message => {
    times += 1;
    console.log('taken ' + times);
    if (String(message.content) === 'good' || (DEAD_LETTERS === 'retried' && times === 3)) channel.ack(message);
    else channel.nack(message, false, false);
  });
})();
`;

const rejects = node.replace('env: {', `env: { DEAD_LETTERS: 'declared',`);

test('a message that ends among the dead letters fails what waits for it at once, with its x-death', () =>
  passes(
    { 'jest.config.js': tapped(rejects), 'worker.js': rejecting },
    `
const dead = TASK_QUEUE + '-dead';
const sendBad = () => rabbitmq().publish(TASK_QUEUE, 'bad', { messageId: 'm-1' });
afterEach(() => rabbitmq().purge(dead));
const soon = async failing => { const began = Date.now(); const error = await caught(failing); expect(Date.now() - began).toBeLessThan(2000); return error; };
const wanted = { code: 'DEAD_LETTERED', message: expect.stringContaining('A message (m-1) of queue "' + TASK_QUEUE + '", given up by worker "ops", ended among the dead letters on "' + dead + '"') };
test('nothing but good ones', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'good');
  await settled();
});
test('settled', async () => {
  await sendBad();
  const error = await soon(settled());
  expect(error).toMatchObject(wanted);
  expect(error.message).toContain('x-death: queue "' + TASK_QUEUE + '", rejected once, published to the default exchange by "' + TASK_QUEUE + '"');
});
test('eventually', async () => {
  await sendBad();
  const error = await soon(eventually(() => expect(1).toBe(2)));
  expect(error).toMatchObject(wanted);
  expect(error.message).toMatch(/still failing: expect/);
  expect(error.stack).toMatch(/a\\.test\\.js/);
});
test('not what was there before', () => settled());
test('where that is wanted', async () => {
  await sendBad();
  await settled({ deadLetters: 'ignore' });
  expect(await caught(eventually(() => expect(1).toBe(2), { timeoutMs: 200, deadLetters: 'ignore' }))).toMatchObject({ matcherResult: {} });
});
test('where the test looks there itself', async () => {
  await sendBad();
  await eventually(async () => expect((await rabbitmq().peek(dead)).length).toBe(1));
  await settled();
});
`,
  ));

test('a retry by way of dead letters is none, where the test declared its queue', async () => {
  const retries = tapped(node.replace('env: {', `env: { DEAD_LETTERS: 'retried',`));
  await passes(
    { 'jest.config.js': retries, 'worker.js': rejecting },
    `
beforeAll(() => rabbitmq().declare({ queue: TASK_QUEUE + '-retry', arguments: { 'x-message-ttl': 100, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': TASK_QUEUE } }));
test('taken three times', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'bad');
  await eventually(() => expect(liveWorker('ops').logs.text()).toContain('taken 3'));
});`,
  );
});

test('a worker of the run has its tap in the process that holds it, and is seen from there', async () => {
  const config = `
const { rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const { TASK_QUEUE, TASK_TABLE } = process.env;
module.exports = withLiveWorkers({ tap: true, workers: { ops: { command: ['node', 'worker.js'], scope: 'run', env: { TASK_QUEUE, TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })] } } }, { transform: {}, cacheDirectory: process.env.E2E_CACHE });`;
  const body = `${start}
const { flow } = require('jest-environment-live-worker/fixtures');
test('settles', async () => {
  await send({ does: [['wait', 250], ['insert', expect.getState().testPath.slice(-9)]] });
  await settled();
  expect(await rows()).toContainEqual({ id: expect.getState().testPath.slice(-9), status: 'DONE' });
  const { entries } = await flow();
  expect(entries.map(({ kind, via }) => kind + ' ' + via)).toEqual(['delivered exact', 'statement exact', 'acknowledged exact']);
});
test('is named', async () => {
  await send({ does: [['sql', 'SELECT pg_sleep(1)']] });
  const { message } = await caught(settled({ timeoutMs: 400 }));
  expect(message).toContain('a statement of worker "ops", pid ' + liveWorker('ops').pid + ', under way for 0.');
  await settled();
});`;
  await withProject(
    { 'worker.js': amqplibWorker, 'jest.config.js': config, 'a.test.js': body, 'b.test.js': body },
    async project => {
      const { code, output } = await project.run({ args: ['-i'] });
      expect({ code, output: code === 0 ? '' : stripVTControlCharacters(output) }).toEqual({
        code: 0,
        output: '',
      });
    },
  );
});

test('without a tap it is told which option it needs', async () => {
  const files = { 'worker.js': amqplibWorker };
  await passes(
    { ...files, 'jest.config.js': configFile(node) },
    `
test('no tap', async () => {
  expect(await caught(settled())).toMatchObject({ code: 'TAP_NEEDED',
    message: 'settled() needs the tap of a worker\\nworker "ops" has none: set workers.ops.tap, or tap on top, to true' });
});`,
  );
});

async function passes(files: ProjectFiles, body: string): Promise<void> {
  await withProject({ ...files, 'a.test.js': `${start}${body}` }, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : stripVTControlCharacters(output) }).toEqual({
      code: 0,
      output: '',
    });
  });
}
