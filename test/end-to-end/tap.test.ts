import { stripVTControlCharacters } from 'node:util';
import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { type Project, type ProjectFiles, withProject } from './harness/project.ts';
import { brokerUrl } from './harness/services.ts';

const user = decodeURIComponent(new URL(brokerUrl).username) || 'guest';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const session = 'tap: true,';
const tapped = (workers: string) => configFile(workers, { session });

const insert = `const insert = id => postgres().query('INSERT INTO ' + TASK_TABLE + ' (id) VALUES ($1)', [id]);
const status = async id => (await postgres().query('SELECT status FROM ' + TASK_TABLE + ' WHERE id = $1', [id])).rows[0].status;`;
const completes = (publish: string) => `${fixtures}${insert}
const { celeryMessage } = require(WORKERS_DIR + '/celery-message.cjs');
test('a task is completed', async () => {
  await insert('one');
  ${publish}
  await eventually(async () => expect(await status('one')).toBe('COMPLETED'));
});`;
const plain = completes(`await rabbitmq().publish(TASK_QUEUE, { id: 'one', provider: 'known' });`);
const byCelery = completes(`const { content, options } = celeryMessage('ops_core.process', 'one', 'known');
  await rabbitmq().publish(TASK_QUEUE, content, options);`);

const pika = `ops: { command: ['${python}', W + '/pika_consumer.py'], env: { TASK_QUEUE, TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] }), postgres({ table: TASK_TABLE, connection: true })] },`;
const celery = `ops: { command: ['${python}', '-m', 'celery', '-A', 'ops_core.tasks', 'worker', '-c', '2', '-Q', TASK_QUEUE, '--without-mingle', '--without-gossip'],
  cwd: W + '/celery', env: { TASK_QUEUE, TASK_TABLE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;

test.each<[string, string, string]>([
  ['amqplib and node-pg', opsWorker, plain],
  ['pika and psycopg2', pika, plain],
  ['Celery, prefork', celery, byCelery],
])('a worker with %s works through its tap, which its own consumer proves', async (_, worker, body) =>
  withProject({ 'jest.config.js': tapped(worker), 'a.test.js': body }, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(output).not.toContain('did not exit');
    const ready = JSON.stringify(project.events());
    expect(ready).toContain('gate.opened');
    const { env, tapped } = JSON.parse(project.record('a.test.js', 'ops.launch.ndjson'));
    expect(env.RABBITMQ_URL.value).toContain(`:${new URL(brokerUrl).port || 5672}`);
    expect(tapped.RABBITMQ_URL).toMatch(/^amqp:\/\/.*127\.0\.0\.1:\d+/);
    expect(tapped.RABBITMQ_URL).not.toBe(env.RABBITMQ_URL.value);
    expect(tapped.DATABASE_URL).toMatch(/^postgres.*127\.0\.0\.1:\d+\//);
  }),
);

const stuck = {
  amqplib: {
    worker: `ops: { command: ['node', W + '/scripted.mjs'], env: { TASK_QUEUE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
    publish: `rabbitmq().publish(TASK_QUEUE, { lines: ['taken'], stuck: true })`,
    files: {},
  },
  pika: {
    worker: `ops: { command: ['${python}', 'stuck.py'], ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
    publish: `rabbitmq().publish(TASK_QUEUE, 'any')`,
    files: {
      'stuck.py': `
import os, sys, time, pika
channel = pika.BlockingConnection(pika.URLParameters(os.environ['RABBITMQ_URL'])).channel()
channel.queue_declare(os.environ['TASK_QUEUE'], durable=True)
def take(*_):
    print('taken', file=sys.stderr, flush=True)
    time.sleep(60)
channel.basic_consume(os.environ['TASK_QUEUE'], take)
channel.start_consuming()
`,
    },
  },
  'Celery with acks_late': {
    worker: `ops: { command: ['${python}', '-m', 'celery', '-A', 'app', 'worker', '-P', 'solo', '-Q', TASK_QUEUE, '--without-mingle', '--without-gossip'],
      ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
    publish: `rabbitmq().publish(TASK_QUEUE, content, options)`,
    files: {
      'app.py': `
import os, sys, time
from celery import Celery
app = Celery('app', broker=os.environ['RABBITMQ_URL'])
app.conf.task_acks_late = True
@app.task(name='stuck')
def stuck(*_):
    print('taken', file=sys.stderr, flush=True)
    time.sleep(60)
`,
    },
  },
};

test.each(Object.entries(stuck))(
  'D16: under a failed assertion stands what %s was sent and has not acknowledged',
  async (_, { worker, publish, files }) => {
    const body = `${fixtures}
const { celeryMessage } = require(WORKERS_DIR + '/celery-message.cjs');
const { content, options } = celeryMessage('stuck', 'one', 'known');
test('is stuck', async () => {
  await ${publish};
  await liveWorker('ops').logs.waitFor('taken');
  console.log('pid=' + liveWorker('ops').pid + '.');
  expect('RUNNING').toBe('COMPLETED');
});`;
    await withProject(
      {
        'jest.config.js': tapped(worker.replace('ready:', 'stop: { graceMs: 500 }, ready:')),
        'a.test.js': body,
        ...files,
      },
      async project => {
        const { output } = await project.run();
        const text = stripVTControlCharacters(output);
        const [, pid] = /pid=(\d+)\./.exec(text) ?? [];
        expect(text).toMatch(
          new RegExp(
            `queue "${project.queue}": 0 messages waiting, 1 consumer; 1 message delivered to pid ${pid} \\d+\\.\\d s ago, not acknowledged`,
          ),
        );
      },
    );
  },
);

test('a worker that acknowledged has nothing against it', async () => {
  const body = `${fixtures}
test('fails', async () => {
  await rabbitmq().publish(TASK_QUEUE, { lines: ['taken'] });
  await liveWorker('ops').logs.waitFor('taken');
  await eventually(() => expect(1).toBe(2), { timeoutMs: 300 });
});`;
  await withProject({ 'jest.config.js': tapped(stuck.amqplib.worker), 'a.test.js': body }, async project => {
    const { output } = await project.run();
    expect(output).toContain('0 messages waiting, 1 consumer');
    expect(output).not.toContain('not acknowledged');
  });
});

const reports = `
const { connect } = require('amqplib');
setTimeout(() => process.exit(), 60000);
console.log('url ' + process.env.RABBITMQ_URL);
connect(process.env.RABBITMQ_URL).then(async broker => {
  const channel = await broker.createChannel();
  await channel.assertQueue(process.env.TASK_QUEUE, { durable: true });
  channel.consume(process.env.TASK_QUEUE, message => {
    console.log('taken at ' + Date.now());
    channel.ack(message);
  });
});`;
const reporting = `ops: { command: ['node', 'worker.js'], env: { TASK_QUEUE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;

test('the tap keeps its port over a restart, and only the worker gets it', async () => {
  const body = `${fixtures}
const urls = () => liveWorker('ops').logs.text().match(/url .*/g);
test('restarts', async () => {
  const [before] = urls();
  expect(before).not.toContain(new URL(process.env.RABBITMQ_URL).host);
  expect(liveWorker('ops').env.RABBITMQ_URL).toBe(process.env.RABBITMQ_URL);
  await liveWorker('ops').restart();
  expect(urls()).toEqual([before, before]);
  await rabbitmq().publish(TASK_QUEUE, 'x');
  await liveWorker('ops').logs.waitFor('taken at');
});`;
  await passes({ 'worker.js': reports, 'jest.config.js': tapped(reporting), 'a.test.js': body });
});

test('FAULT 37: a blocked event loop of Jest does not hold up what passes the tap', async () => {
  const body = `${fixtures}
test('blocks', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'x');
  const until = Date.now() + 1_500;
  while (Date.now() < until);
  const line = await liveWorker('ops').logs.waitFor('taken at');
  expect(Number(line.replace('taken at ', ''))).toBeLessThan(until - 500);
});`;
  await passes({ 'worker.js': reports, 'jest.config.js': tapped(reporting), 'a.test.js': body });
});

test('a stranger that consumes does not prove the worker', async () => {
  const idle = `setTimeout(() => process.exit(), 60000);
    require('amqplib').connect(process.env.RABBITMQ_URL).then(broker => broker.createChannel());`;
  const config = tapped(`ops: { command: ['node', 'idle.js'], startTimeoutMs: 3000, stop: { graceMs: 100 },
    ready: [rabbitmq({ queues: [TASK_QUEUE], strangers: 'ignore' })] },`);
  await withProject({ 'idle.js': idle, 'jest.config.js': config, ...nothing }, async project => {
    const { connect } = await import('amqplib');
    const broker = await connect(brokerUrl);
    const channel = await broker.createChannel();
    await channel.assertQueue(project.queue, { durable: true });
    const joining = setInterval(() => void channel.consume(project.queue, () => {}).catch(() => {}), 200);
    const text = await failing(project);
    clearInterval(joining);
    await broker.close();
    expect(text).toContain('START_TIMEOUT');
    expect(text).toContain(`waits for a consumer of "<queue>" in vhost "/", as user "${user}"`);
    expect(text).toContain(`The worker is connected and consumes nothing in vhost "/", as user "${user}"`);
  });
});

test('a consumer of another queue is told with both', async () => {
  const config =
    tapped(`ops: { command: ['node', 'worker.js'], env: { TASK_QUEUE: TASK_QUEUE + '-2' }, startTimeoutMs: 3000, stop: { graceMs: 100 },
    ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`);
  await withProject(
    {
      'worker.js': reports.replaceAll('durable: true', 'exclusive: true'),
      'jest.config.js': config,
      ...nothing,
    },
    async project => {
      const text = await failing(project);
      expect(text).toContain(
        'last seen:  the worker does not consume "<queue>" in vhost "/", but "<queue>-2" in vhost "/"',
      );
      expect(text).toContain(`The worker consumes "<queue>-2" in vhost "/", as user "${user}"`);
      expect(text).toContain('change: correct the queue in its command or variables, or in the probe');
    },
  );
});

const brokerPort = new URL(brokerUrl).port || '5672';
const past = `
const { connect } = require('amqplib');
setTimeout(() => process.exit(), 60000);
const url = new URL(process.env.RABBITMQ_URL);
url.port = process.env.BROKER_PORT ?? '${brokerPort}';
connect(url.href).then(async broker => {
  const channel = await broker.createChannel();
  await channel.assertQueue(process.env.TASK_QUEUE, { durable: true });
  channel.consume(process.env.TASK_QUEUE, () => {});
});`;

test.each([
  [
    `{ TASK_QUEUE, BROKER_PORT: '${brokerPort}' }`,
    /That address comes from BROKER_PORT, set in the worker's env/,
  ],
  ['{ TASK_QUEUE }', /None of its other variables names that address: a default in its code/],
])('a worker that goes past its tap is told so at once, with what it reads: %s', async (env, source) => {
  const config =
    tapped(`ops: { command: ['node', 'past.js'], env: ${env}, startTimeoutMs: 20000, stop: { graceMs: 100 },
    ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`);
  await withProject({ 'past.js': past, 'jest.config.js': config, ...nothing }, async project => {
    const text = await failing(project);
    expect(text).toMatch(
      /LiveWorkerError \[TAP_BYPASSED\]: Cannot start worker "ops": it consumes, but past its tap/,
    );
    expect(text).toMatch(/has not come to its tap at 127\.0\.0\.1:\d+, where RABBITMQ_URL leads it/);
    expect(text).toMatch(source);
  });
});

const silent = {
  amqp: `
const { connect } = require('amqplib');
setTimeout(() => process.exit(), 60000);
connect(process.env.RABBITMQ_URL).then(async broker => {
  const channel = await broker.createChannel();
  channel.on('error', () => {});
  await channel.checkQueue('e2e-tap-nowhere').catch(() => {});
});`,
  postgres: `
const { Client } = require('pg');
setTimeout(() => process.exit(), 60000);
const client = new Client(process.env.DATABASE_URL);
client.connect().then(() => client.query('SELECT * FROM e2e_tap_nowhere').catch(() => {}));`,
};

test.each<[keyof typeof silent, RegExp]>([
  [
    'amqp',
    /cause: {2}RabbitMQ at \S+ answered it with 404: NOT_FOUND - no queue 'e2e-tap-nowhere' in vhost '\/'/,
  ],
  [
    'postgres',
    /cause: {2}Postgres at \S+ answered it with 42P01: relation "e2e_tap_nowhere" does not exist\n +The statement: SELECT \* FROM e2e_tap_nowhere/,
  ],
])(
  'what a service answered over %s, and the worker kept to itself, is the cause',
  async (protocol, cause) => {
    const config =
      tapped(`ops: { command: ['node', 'silent.js'], startTimeoutMs: 2000, stop: { graceMs: 100 },
    ready: [log({ pattern: 'consuming' })] },`);
    await withProject(
      { 'silent.js': silent[protocol], 'jest.config.js': config, ...nothing },
      async project => {
        expect(await failing(project)).toMatch(cause);
      },
    );
  },
);

test('a worker of the run has its tap in the process that holds it', async () => {
  const config = `
const { rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const { TASK_QUEUE } = process.env;
module.exports = withLiveWorkers({ tap: true, workers: { ops: { command: ['node', 'worker.js'], scope: 'run', env: { TASK_QUEUE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })] } } }, { transform: {}, cacheDirectory: process.env.E2E_CACHE });`;
  const body = `${fixtures}
test('takes', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'x');
  await liveWorker('ops').logs.waitFor('taken at');
  expect(liveWorker('ops').env.RABBITMQ_URL).toBe(process.env.RABBITMQ_URL);
});`;
  await passes({ 'worker.js': reports, 'jest.config.js': config, 'a.test.js': body, 'b.test.js': body });
});

test('D16: what a worker of the run has not acknowledged is asked of the process that holds it', async () => {
  const config = `
const { rabbitmq, withLiveWorkers } = require('jest-environment-live-worker/config');
const { TASK_QUEUE } = process.env;
module.exports = withLiveWorkers({ tap: true, workers: { ops: { command: ['node', 'worker.js'], scope: 'run', env: { TASK_QUEUE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })] } } }, { transform: {}, cacheDirectory: process.env.E2E_CACHE });`;
  const body = `${fixtures}
test('is stuck', async () => {
  await rabbitmq().publish(TASK_QUEUE, 'x');
  await liveWorker('ops').logs.waitFor('taken at');
  console.log('pid=' + liveWorker('ops').pid + '.');
  expect('RUNNING').toBe('COMPLETED');
});`;
  const files = { 'worker.js': reports.replace('channel.ack(message);', ''), 'jest.config.js': config };
  await withProject({ ...files, 'a.test.js': body }, async project => {
    const text = await failing(project);
    const [, pid] = /pid=(\d+)\./.exec(text) ?? [];
    expect(text).toMatch(
      new RegExp(`1 consumer; 1 message delivered to pid ${pid} \\d+\\.\\d s ago, not acknowledged`),
    );
  });
});

const nothing = { 'a.test.js': `test('never runs', () => {});` };

async function passes(files: ProjectFiles): Promise<void> {
  await withProject(files, async project => {
    const { code, output } = await project.run();
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });
}

async function failing(project: Project): Promise<string> {
  const { code, output } = await project.run();
  expect(code).toBe(1);
  return stripVTControlCharacters(output).replaceAll(project.queue, '<queue>');
}
