import { stripVTControlCharacters } from 'node:util';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;

/** Takes an order, writes a row in a transaction, publishes a receipt, acknowledges: publication and acknowledgement in one turn. */
const node = `
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(124), 60000);
const { TASK_QUEUE, TASK_TABLE, CONFIRMS } = process.env;
async function main() {
  const database = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await database.connect();
  const broker = await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true });
  const channel = CONFIRMS ? await broker.createConfirmChannel() : await broker.createChannel();
  await channel.assertQueue(TASK_QUEUE, { durable: true });
  await channel.assertQueue(TASK_QUEUE + '-out', { durable: true });
  await channel.prefetch(1);
  await channel.consume(TASK_QUEUE, async message => {
    const id = message.content.toString();
    console.log('takes ' + id + (message.fields.redelivered ? ' again' : ''));
    await database.query('BEGIN');
    await database.query('INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1) ON CONFLICT DO NOTHING', [id]);
    await database.query('COMMIT');
    channel.sendToQueue(TASK_QUEUE + '-out', Buffer.from(id));
    channel.ack(message);
    console.log('done ' + id);
  });
}
main();
`;

const pika = `
import os, signal, pika, psycopg2
signal.alarm(60)
queue, table = os.environ['TASK_QUEUE'], os.environ['TASK_TABLE']
database = psycopg2.connect(os.environ['DATABASE_URL'])
channel = pika.BlockingConnection(pika.URLParameters(os.environ['RABBITMQ_URL'])).channel()
channel.queue_declare(queue, durable=True)
channel.queue_declare(queue + '-out', durable=True)
if os.environ.get('CONFIRMS'):
    channel.confirm_delivery()
channel.basic_qos(prefetch_count=1)
def take(channel, method, _, body):
    print('takes ' + body.decode() + (' again' if method.redelivered else ''), flush=True)
    with database.cursor() as cursor:
        cursor.execute('INSERT INTO ' + table + ' (id) VALUES (%s) ON CONFLICT DO NOTHING', (body.decode(),))
    database.commit()
    channel.basic_publish('', queue + '-out', body)
    channel.basic_ack(method.delivery_tag)
    print('done ' + body.decode(), flush=True)
channel.basic_consume(queue, take)
channel.start_consuming()
`;

const workers = { amqplib: `['node', 'worker.js']`, pika: `['${python}', 'worker.py']` };
type WorkerName = keyof typeof workers;

const config = (name: WorkerName, { env = '', session = 'tap: true,', rest = '' } = {}) =>
  configFile(
    `ops: { command: ${workers[name]}, env: { TASK_QUEUE, TASK_TABLE, ${env} }, ${rest}
      ready: [rabbitmq({ queues: [TASK_QUEUE, TASK_QUEUE + '-out'].slice(0, 1) }), postgres({ table: TASK_TABLE, connection: true })] },`,
    { session },
  );

const begin = `${fixtures}
const out = TASK_QUEUE + '-out';
const rows = async () => (await postgres().query('SELECT id FROM ' + TASK_TABLE + ' ORDER BY id')).rows.map(({ id }) => id);
const ready = async queue => (await rabbitmq().depth(queue)).ready;
const ops = () => liveWorker('ops');
beforeAll(() => rabbitmq().removeAtEnd(out).catch(() => {}));
`;

/** What is there after the crash: rows, messages out, whether the order waits again. */
const points: readonly [place: string, rows: number, out: number, waits: number][] = [
  [`{ before: 'deliver' }`, 0, 0, 1],
  [`{ after: 'deliver' }`, 0, 0, 1],
  [`{ before: 'commit' }`, 0, 0, 1],
  [`{ after: 'commit' }`, 1, 0, 1],
  [`{ before: 'publish' }`, 1, 0, 1],
  [`{ after: 'publish' }`, 1, 1, 1],
  [`{ before: 'ack' }`, 1, 1, 1],
  [`{ after: 'ack' }`, 1, 1, 0],
];

const atEachPoint = `${begin}
test.each(${JSON.stringify(points).replace(/"(\{[^"]+\})"/g, '$1')})('%j', async (place, wantedRows, wantedOut, waiting) => {
  const before = { rows: (await rows()).length, out: await ready(out) };
  const id = JSON.stringify(place);
  const crash = await ops().crashAt(place);
  await rabbitmq().publish(TASK_QUEUE, id);
  const { effect, message, inFlight } = await crash.reached();
  expect(effect.kind).toBe(place.before ?? place.after);
  expect(message).toMatchObject({ queue: TASK_QUEUE, redelivered: false });
  expect(inFlight.messages).toHaveLength(place.after === 'ack' || place.before === 'deliver' ? 0 : 1);
  expect(ops()).toMatchObject({ state: 'stopped', exit: { signal: 'SIGKILL' } });
  expect({ rows: (await rows()).length - before.rows, out: (await ready(out)) - before.out, waiting: await ready(TASK_QUEUE) })
    .toEqual({ rows: wantedRows, out: wantedOut, waiting });
  await ops().restart();
  if (waiting === 1) await ops().logs.waitFor('takes ' + id + ' again');
  if (waiting === 1) await ops().logs.waitFor('done ' + id);
  expect(await rows()).toContain(id);
  // What is not confirmed may come late.
  await eventually(async () => expect((await ready(out)) - before.out).toBe(wantedOut + waiting));
  expect(await ready(TASK_QUEUE)).toBe(0);
});`;

test.each<[WorkerName, string]>([
  ['amqplib', ''],
  ['amqplib', `CONFIRMS: '1',`],
  ['pika', ''],
  ['pika', `CONFIRMS: '1',`],
])('FAULT 82: a worker with %s crashes right before and right after each effect: %s', async (name, env) => {
  await passes(
    {
      'worker.js': node,
      'worker.py': pika,
      'jest.config.js': config(name, { env }),
      'a.test.js': atEachPoint,
    },
    points.length,
  );
});

const nodeFiles = (body: string, options: Parameters<typeof config>[1] = {}): ProjectFiles => ({
  'worker.js': node,
  'jest.config.js': config('amqplib', options),
  'a.test.js': `${begin}${body}`,
});

test('a point counts its effects from when it is armed, over restarts, and by queue and statement', async () => {
  const body = String.raw`
test('the third', async () => {
  const crash = await ops().crashAt({ before: 'ack', nth: 3, queue: TASK_QUEUE });
  for (const id of ['a', 'b']) await rabbitmq().publish(TASK_QUEUE, id);
  await ops().logs.waitFor('done b');
  await ops().restart();
  await rabbitmq().publish(TASK_QUEUE, 'c');
  const { message } = await crash.reached();
  expect(message).toMatchObject({ queue: TASK_QUEUE, messageId: expect.any(String) });
  expect(await rows()).toEqual(['a', 'b', 'c']);
  await ops().start();
  await ops().logs.waitFor('takes c again');
});
test('by statement', async () => {
  const crash = await ops().crashAt({ after: 'commit', statement: /^insert\s+into/i });
  await rabbitmq().publish(TASK_QUEUE, 'd');
  const { effect } = await crash.reached();
  expect(effect.statements).toEqual(['INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1) ON CONFLICT DO NOTHING']);
  await ops().restart();
});
test('twice in a row, at the redelivery too', async () => {
  await ops().crashAt({ before: 'ack' }).then(async first => {
    await rabbitmq().publish(TASK_QUEUE, 'e');
    await first.reached();
  });
  const second = await ops().crashAt({ before: 'publish' });
  await ops().restart();
  expect((await second.reached()).message).toMatchObject({ redelivered: true });
  await ops().restart();
  await ops().logs.waitFor('done e');
});`;
  await passes(nodeFiles(body), 3);
});

test('a point that is not reached fails the test with what the worker did instead', async () => {
  const body = String.raw`
const told = async promise => (await caught(promise)).message.replaceAll(TASK_QUEUE, '<queue>').replaceAll(TASK_TABLE, '<table>');
test('waits for it', async () => {
  const crash = await ops().crashAt({ before: 'ack', nth: 2 });
  await rabbitmq().publish(TASK_QUEUE, 'a');
  await ops().logs.waitFor('done a');
  expect(await told(crash.reached({ timeoutMs: 100 }))).toBe(
    'Worker "ops" did not come to the point: crash before the 2nd ack\n' +
    'It did since: deliver from "<queue>", commit (INSERT INTO <table> (id) VALUES ($1) ON CONFLICT DO NOTHING), publish to "<queue>-out", ack of "<queue>"');
});
test('does not wait for it', async () => {
  await ops().crashAt({ before: 'publish', queue: 'elsewhere' });
});
test('is not touched by it', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'b');
  await ops().logs.waitFor('done b');
});`;
  await withProject(nodeFiles(body), async project => {
    const text = await failing(project);
    expect(text).toContain('✕ does not wait for it');
    expect(text).toContain('Tests:       1 failed, 2 passed, 3 total');
    expect(text).toContain(
      'LiveWorkerError [CRASH_NOT_REACHED]: Worker "ops" did not come to the point: crash before publish to "elsewhere"\n' +
        '    Its tap has seen nothing since that was armed',
    );
  });
});

test('what cannot crash at a point says so', async () => {
  const body = `
const at = async place => (await caught(ops().crashAt(place))).message;
test('bad input', async () => {
  expect(await at()).toBe("crashAt(): place is undefined, wanted { before: 'ack' } or the like");
  expect(await at({})).toBe('crashAt(): place is an object, wanted either before or after');
  expect(await at({ before: 'ack', after: 'ack' })).toContain('wanted either before or after');
  expect(await at({ before: 'acks' })).toContain('before is "acks", wanted ' + "'ack' or 'commit'");
  expect(await at({ before: 'ack', nth: 0 })).toBe('crashAt(): nth is 0, wanted a whole number from 1 on');
  expect(await at({ before: 'commit', queue: 'a' })).toContain("wanted none beside before: 'commit'");
  expect(await at({ after: 'ack', statement: 'a' })).toContain("wanted none beside after: 'ack'");
  expect(await at({ after: 'commit', statement: ' ' })).toContain('wanted a text or a RegExp');
  expect(await at({ after: 'ack', queu: 'a' })).toContain('"queu", wanted only before, after, nth, queue, statement');
});`;
  await passes(nodeFiles(body), 1);
  const untapped = `
test('no tap', async () => {
  expect(await caught(ops().crashAt({ before: 'ack' }))).toMatchObject({ code: 'TAP_NEEDED',
    message: expect.stringMatching(/^Cannot crash worker "ops" at a point: it has no tap.change: set tap: true on workers.ops/s) });
});`;
  await passes(nodeFiles(untapped, { session: '' }), 1);
});

test('a worker that all files share does not crash for one of them', async () => {
  const shared = `
const { rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const { TASK_QUEUE, TASK_TABLE } = process.env;
module.exports = withLiveWorkers({ tap: true, workers: { ops: { command: ['node', 'worker.js'], scope: 'run',
  env: { TASK_QUEUE, TASK_TABLE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] } } },
  { transform: {}, cacheDirectory: process.env.E2E_CACHE });`;
  const body = `
test('is shared', async () => {
  expect(await caught(ops().crashAt({ before: 'ack' }))).toMatchObject({ code: 'WORKER_SHARED' });
});`;
  await passes({ ...nodeFiles(body), 'jest.config.js': shared }, 1);
});

async function passes(files: ProjectFiles, tests: number): Promise<void> {
  await withProject(files, async project => {
    const { code, output, results } = await project.run();
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: tests,
      output: '',
    });
  });
}

async function failing(project: Project): Promise<string> {
  const { code, output } = await project.run();
  expect(code).toBe(1);
  return stripVTControlCharacters(output).replaceAll(project.queue, '<queue>');
}
