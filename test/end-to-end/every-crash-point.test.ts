import { stripVTControlCharacters } from 'node:util';
import { configFile, fixtures } from './harness/config-file.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;

/** Writes a row, publishes, changes the row, publishes, acknowledges; NAIVE as if nothing ever came twice. */
const node = `
const { randomUUID } = require('node:crypto');
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(124), 60000);
const { TASK_QUEUE, TASK_TABLE, NAIVE, EARLY, NO_ACK, PREFETCH = '1' } = process.env;
async function main() {
  const database = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await database.connect();
  const broker = await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true });
  const channel = await broker.createConfirmChannel();
  await channel.assertQueue(TASK_QUEUE, { durable: true });
  await channel.assertQueue(TASK_QUEUE + '-out', { durable: true });
  await channel.prefetch(Number(PREFETCH));
  const publish = async (key, what) => {
    channel.sendToQueue(TASK_QUEUE + '-out', Buffer.from(key + what), { messageId: NAIVE ? randomUUID() : key + what });
    await channel.waitForConfirms();
  };
  await channel.consume(TASK_QUEUE, async message => {
    const key = message.content.toString();
    if (EARLY) channel.ack(message);
    console.log('takes ' + (message.fields.redelivered ? 'again ' : '') + key);
    const id = NAIVE ? randomUUID() : key;
    if (PREFETCH !== '1') await new Promise(resolve => setTimeout(resolve, Math.random() * 50));
    await database.query('INSERT INTO ' + TASK_TABLE + ' (id, error) VALUES ($1, $2) ON CONFLICT DO NOTHING', [id, key]);
    await publish(key, 'taken');
    await database.query('UPDATE ' + TASK_TABLE + " SET status = 'PAID' WHERE id = $1", [id]);
    await publish(key, 'paid');
    if (!EARLY && !NO_ACK) channel.ack(message);
  }, { noAck: Boolean(NO_ACK) });
}
main();
`;

const pika = `
import os, signal, uuid, pika, psycopg2
signal.alarm(60)
queue, table, naive = os.environ['TASK_QUEUE'], os.environ['TASK_TABLE'], os.environ.get('NAIVE')
database = psycopg2.connect(os.environ['DATABASE_URL'])
channel = pika.BlockingConnection(pika.URLParameters(os.environ['RABBITMQ_URL'])).channel()
channel.queue_declare(queue, durable=True)
channel.queue_declare(queue + '-out', durable=True)
channel.basic_qos(prefetch_count=1)
def publish(key, what):
    name = str(uuid.uuid4()) if naive else key + what
    channel.basic_publish('', queue + '-out', key + what, pika.BasicProperties(message_id=name))
def take(channel, method, _, body):
    key = body.decode()
    print('takes ' + ('again ' if method.redelivered else '') + key, flush=True)
    name = str(uuid.uuid4()) if naive else key
    with database, database.cursor() as cursor:
        cursor.execute('INSERT INTO ' + table + ' (id, error) VALUES (%s, %s) ON CONFLICT DO NOTHING', (name, key))
    publish(key, 'taken')
    with database, database.cursor() as cursor:
        cursor.execute('UPDATE ' + table + " SET status = 'PAID' WHERE id = %s", (name,))
    publish(key, 'paid')
    channel.basic_ack(method.delivery_tag)
channel.basic_consume(queue, take)
channel.start_consuming()
`;

const workers = { amqplib: `['node', 'worker.js']`, pika: `['${python}', 'worker.py']` };
type WorkerName = keyof typeof workers;

const terms = `{
  work: ({ key }) => rabbitmq().publish(TASK_QUEUE, key),
  same: async ({ key, emitted }) => ({
    rows: (await postgres().query('SELECT status FROM ' + TASK_TABLE + ' WHERE error = $1', [key])).rows,
    out: await emitted({ distinctBy: 'messageId' }),
  }),`;

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
const { everyCrashPoint } = require('jest-environment-live-worker/fixtures');
const plain = text => text.replaceAll(TASK_QUEUE, '<queue>').replaceAll(TASK_TABLE, '<table>');
beforeAll(() => rabbitmq().removeAtEnd(TASK_QUEUE + '-out').catch(() => {}));
jest.setTimeout(30000);
${body}`,
});

const fivePoints = (insert: string) => [
  `after deliver from "<queue>", before commit (INSERT INTO <table> (id, error) VALUES (${insert}) ON CONFLICT DO NOTHING)`,
  `after commit (INSERT INTO <table> (id, error) VALUES (${insert}) ON CONFLICT DO NOTHING), before publish to "<queue>-out" #1`,
  expect.stringMatching(/^after publish to "<queue>-out" #1, before commit \(UPDATE/),
  expect.stringMatching(/^after commit \(UPDATE .*\), before publish to "<queue>-out" #2$/),
  'after publish to "<queue>-out" #2, before ack of "<queue>"',
];

test.each<[WorkerName, string]>([
  ['amqplib', '$1, $2'],
  ['pika', '?, ?'],
])('an idempotent worker with %s leaves the same whatever point it crashes at', async (name, insert) => {
  const body = `
test('every point', async () => {
  const began = Date.now();
  const { points, unreached } = await everyCrashPoint(${terms} });
  console.log('took ' + (Date.now() - began) + ' ms: ' + JSON.stringify(points.map(plain)));
  expect(unreached).toEqual([]);
});
test('is as ever afterwards', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'later');
  await postgres().waitForRow('SELECT 1 FROM ' + TASK_TABLE + " WHERE id = 'later' AND status = 'PAID'");
});`;
  await withProject(project(name, body), async running => {
    const { code, output } = await running.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const [, took = '', points = '[]'] = /took (\d+) ms: (.*)/.exec(stripVTControlCharacters(output)) ?? [];
    expect(JSON.parse(points)).toEqual(fivePoints(insert));
    expect(Number(took)).toBeLessThan(20_000);
  });
});

test.each<[WorkerName]>([['amqplib'], ['pika']])(
  'a naive worker with %s fails with the points, what differs, and what it wrote',
  async name => {
    const body = `
test('every point', async () => {
  const error = await caught(everyCrashPoint(${terms} }));
  expect(error.code).toBe('NOT_IDEMPOTENT');
  console.log(plain(error.message));
  const only = /everyCrashPoint\\(\\{ only: (".*"), … \\}\\)/.exec(error.message)[1];
  const alone = await caught(everyCrashPoint(${terms} only: JSON.parse(only) }));
  expect(alone.message).toContain('1 of 1 crash points differs');
  expect(await caught(everyCrashPoint(${terms} only: 'after all' }))).toMatchObject({ code: 'ARGUMENT_INVALID',
    message: expect.stringContaining('only is "after all", wanted one of:') });
});`;
    await withProject(project(name, body, { env: `NAIVE: '1',` }), async running => {
      const { code, output } = await running.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      const text = stripVTControlCharacters(output).replace(/^ {4}/gm, '');
      expect(text).toContain('Worker "ops" is not idempotent: 4 of 5 crash points differ');
      expect(text).toContain('point: after publish to "<queue>-out" #2, before ack of "<queue>"');
      expect(text).toContain('  + only with it:         rows: { status: "PAID" }');
      expect(text).toContain('  + only with it:         out: { exchange: "", routingKey: "<queue>-out" }');
      expect(text).toMatch(
        /the message came again \d+ ms after the crash\n {2}it wrote since:\n {4}\| takes again /,
      );
    });
  },
);

test('a worker that dies of what comes again is told with the point', async () => {
  const dies = `
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(124), 60000);
const { TASK_QUEUE, TASK_TABLE } = process.env;
(async () => {
  const database = new pg.Client(process.env.DATABASE_URL);
  await database.connect();
  const broker = await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true });
  const channel = await broker.createChannel();
  await channel.assertQueue(TASK_QUEUE, { durable: true });
  await channel.consume(TASK_QUEUE, async message => {
    await database.query('INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1)', [message.content.toString()]);
    channel.ack(message);
  });
})();`;
  const body = `
test('every point', () => everyCrashPoint(${terms} }));`;
  await withProject({ ...project('amqplib', body), 'worker.js': dies }, async running => {
    const { code, output } = await running.run();
    const text = stripVTControlCharacters(output).replaceAll(running.queue, '<queue>');
    expect(code).toBe(1);
    expect(text).toContain(
      'LiveWorkerError [WORKER_EXITED]: Worker "ops" exited with code 1 during the test',
    );
    expect(text).toContain(
      `It had crashed before, as the test wanted: after commit (INSERT INTO ${running.table} (id) VALUES ($1))`,
    );
    expect(text).toMatch(/duplicate key value violates unique constraint/);
  });
});

test.each([
  [
    'acknowledges before it works',
    `EARLY: '1',`,
    /it had acknowledged every message when it did this: (commit|publish)[\s\S]*acks_late/,
  ],
  ['does not acknowledge', `NO_ACK: '1',`, /it consumes from "<queue>" without acknowledging \(noAck\)/],
])('a worker that %s is refused', async (_, env, why) => {
  const body = `
test('is unclear', async () => {
  const error = await caught(everyCrashPoint(${terms} }));
  expect(error.code).toBe('CRASH_POINTS_UNCLEAR');
  console.log(plain(error.message));
});`;
  await withProject(project('amqplib', body, { env }), async running => {
    const { code, output } = await running.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(stripVTControlCharacters(output)).toMatch(why);
  });
});

const celery = (app: string, cwd: string) =>
  configFile(
    `ops: { command: ['${python}', '-m', 'celery', '-A', '${app}', 'worker', '-c', '2', '-Q', TASK_QUEUE, '--without-mingle', '--without-gossip'],
      ${cwd} env: { TASK_QUEUE, TASK_TABLE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
    { session: 'tap: true,' },
  );
const task = `
const { celeryTask } = require('jest-environment-live-worker/fixtures');
const work = async ({ key }) => {
  await postgres().query('INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1)', [key]);
  await rabbitmq().publish(TASK_QUEUE, celeryTask('ops_core.process', [key, 'known']));
};
`;

test('Celery that acknowledges late survives, its processes and all', async () => {
  const body = `${task}
test('every point', async () => {
  const same = async ({ key }) => (await postgres().query('SELECT status FROM ' + TASK_TABLE + ' WHERE id = $1', [key])).rows;
  const { points } = await everyCrashPoint({ work, same });
  expect(points).toHaveLength(3);
  expect(points[2]).toMatch(/^after commit .* #2, before ack of /);
});`;
  await passes(
    {
      ...project('amqplib', body),
      'jest.config.js': celery('ops_core.tasks', `cwd: W + '/celery',`),
    },
    1,
  );
});

test('Celery as it comes acknowledges before it runs a task, and is refused', async () => {
  const app = `
import os, signal, psycopg2
from celery import Celery
from celery.signals import worker_process_init
signal.alarm(60)
app = Celery('app', broker=os.environ['RABBITMQ_URL'])
@worker_process_init.connect
def limit_the_childs_life(**_):
    signal.alarm(60)
@app.task(name='ops_core.process')
def process(task_id, _):
    with psycopg2.connect(os.environ['DATABASE_URL']) as database, database.cursor() as cursor:
        cursor.execute('UPDATE ' + os.environ['TASK_TABLE'] + " SET status = 'DONE' WHERE id = %s", (task_id,))
`;
  const body = `${task}
test('is unclear', async () => {
  const error = await caught(everyCrashPoint({ work, same: () => 1 }));
  expect(error.code).toBe('CRASH_POINTS_UNCLEAR');
  expect(error.message).toContain('at most once');
  expect(error.message).toContain('with Celery acks_late');
});`;
  await passes({ ...project('amqplib', body), 'app.py': app, 'jest.config.js': celery('app', '') }, 1);
});

test('what is not the same each time is refused, and so is bad input', async () => {
  const body = `
const refusal = async options => { const { code, message } = await caught(everyCrashPoint(options)); return code + ' ' + plain(message); };
const work = ({ key }) => rabbitmq().publish(TASK_QUEUE, key);
test('is refused', async () => {
  let runs = 0;
  expect(await refusal({ work, same: () => ({ rows: [runs++] }) })).toBe(
    'CRASH_POINTS_UNCLEAR Cannot compare what worker "ops" leaves: same() differs between two runs without a crash' +
    '\\n  first: \\n    rows: 0\\n  second: \\n    rows: 1' +
    '\\nchange: leave out what differs each time, such as times and generated ids, or give compare(); what is the key of its run counts as the same');
  const twice = async run => { await work(run); if (runs++ % 2) await work({ key: run.key + 'b' }); };
  expect(await refusal({ work: twice, same: () => 1 })).toContain('it does not do the same each time');
  expect(await refusal({ work: () => {}, same: () => 1 })).toContain('its tap has seen nothing of the work');
  expect(await refusal({ same: () => 1 })).toBe('ARGUMENT_INVALID everyCrashPoint(): work is undefined, wanted a function');
  expect(await refusal({ work, same: 1 })).toContain('same is 1, wanted a function');
  expect(await refusal({ work, same: () => 1, allowUnreached: 'yes' })).toContain('allowUnreached is "yes", wanted true or false');
  expect(await refusal({ work, same: () => 1, key: 1 })).toContain('options is "key", wanted only work, same,');
  expect(await refusal({ work, same: () => 1, worker: 'opps' })).toContain('WORKER_UNKNOWN');
  expect(await refusal({ work: () => { throw new Error('mine') }, same: () => 1 })).toBe('undefined mine');
});
test('compare() decides', async () => {
  const same = ({ key }) => key;
  const error = await caught(everyCrashPoint({ work, same, compare: () => { throw new Error('not that') } }));
  expect(error.code).toBe('CRASH_POINTS_UNCLEAR');
  await everyCrashPoint({ work, same: () => Math.random(), compare: () => true });
});
test('what is not reached', async () => {
  let runs = 0;
  const rarely = async run => { if (run.point === undefined) await work(run); };
  const error = await caught(everyCrashPoint({ work: rarely, same: () => 1 }));
  expect(error).toMatchObject({ code: 'CRASH_NOT_REACHED' });
  expect(plain(error.message)).toMatch(/did not come to 5 of 5 crash points\\npoint: after deliver from[^\\n]*\\n  recorded: deliver from[^\\n]*\\n  then:     nothing\\n/);
  const { unreached } = await everyCrashPoint({ work: rarely, same: () => 1, allowUnreached: true });
  expect(unreached).toHaveLength(5);
});`;
  await passes(project('amqplib', body), 3);
});

test('effects in another order each time are concurrent', async () => {
  const body = `
const three = async ({ key }) => { for (const n of [1, 2, 3]) await rabbitmq().publish(TASK_QUEUE, key + n); };
test('is unclear', async () => {
  const error = await caught(everyCrashPoint({ work: three, same: () => 1 }));
  expect(error.code).toBe('CRASH_POINTS_UNCLEAR');
  expect(error.message).toMatch(/its effects are concurrent[\\s\\S]*by a prefetch of 1|does not do the same/);
});`;
  await passes(project('amqplib', body, { env: `PREFETCH: '3',` }), 1);
});

test('without a tap there are no points', async () => {
  const body = `
test('is refused', async () => {
  expect(await caught(everyCrashPoint({ work() {}, same() {} }))).toMatchObject({ code: 'TAP_NEEDED' });
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
