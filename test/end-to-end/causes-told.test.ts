import { failuresOf } from './harness/failure-of.ts';
import { deleteQueues } from './harness/project.ts';
import { brokerUrl, databaseUrl } from './harness/services.ts';

jest.setTimeout(120_000);

const python = `${process.env.LIVE_WORKER_TEST_VENV}/bin/python`;
const nowhere = `${brokerUrl.replace(/\/+$/, '')}/e2e-nope`;
const consuming = `startTimeoutMs: 4000, ready: [rabbitmq({ queues: [TASK_QUEUE], url: '${brokerUrl}' })]`;
const celery = (rest: string) =>
  `command: ['${python}', '-m', 'celery', '-q', '-A', 'app', 'worker', '-P', 'solo', '--without-mingle', '--without-gossip'], ${rest} ${consuming}`;

test('what RabbitMQ or Postgres told a worker is the cause, in the words it has them', async () => {
  const quorum = `e2e-told-quorum-${process.pid}`;
  const failures = await failuresOf(
    {
      vhost: celery(`env: { BROKER: '${nowhere}' },`),
      qos: celery(`env: { BROKER: '${brokerUrl}', QUEUE: '${quorum}' },`),
      arguments: `command: ['node', 'arguments.js'], ${consuming}`,
      pika: `command: ['${python}', 'exchange.py'], ${consuming}`,
      database: `command: ['node', 'database.js'], env: { JOBS_URL: '${databaseUrl.replace(/\/[^/]*$/, '/e2e_nope')}' }, ${consuming}`,
    },
    {
      'app.py': `
import os
from celery import Celery
from kombu import Queue
app = Celery('app', broker=os.environ['BROKER'])
if 'QUEUE' in os.environ:
    app.conf.task_queues = [Queue(os.environ['QUEUE'], durable=True, queue_arguments={'x-queue-type': 'quorum'})]
`,
      'arguments.js': `
const { connect } = require('amqplib');
setTimeout(() => process.exit(), 60000);
connect('${brokerUrl}').then(async broker => {
  const channel = await broker.createChannel();
  channel.on('error', error => console.error(String(error)));
  const queue = 'e2e-told-' + process.pid;
  await channel.assertQueue(queue, { exclusive: true });
  await channel.assertQueue(queue, { exclusive: true, maxLength: 3 }).catch(() => {});
});`,
      'exchange.py': `
import pika
pika.BlockingConnection(pika.URLParameters('${brokerUrl}')).channel().exchange_declare('e2e-no-such', passive=True)
`,
      'database.js': `
const { Client } = require('pg');
setTimeout(() => process.exit(), 60000);
new Client(process.env.JOBS_URL).connect().catch(error => console.error('cannot start the jobs', error));`,
    },
  ).finally(() => deleteQueues([quorum, 'celery']));
  const { vhost, qos, arguments: args, pika, database } = failures;
  expect(vhost?.text).toMatch(
    /cause: {2}RabbitMQ told it: 530 NOT_ALLOWED - vhost e2e-nope not found\n +Its URL comes from BROKER, set in the worker's env/,
  );
  expect(vhost?.text).toContain(
    'change: rabbitmqctl add_vhost e2e-nope and set_permissions for it, or correct the path of BROKER',
  );
  expect(qos?.text).toContain(
    `cause:  RabbitMQ told it: 540 NOT_IMPLEMENTED - queue '${quorum}' in vhost '/' does not support global qos`,
  );
  expect(qos?.text).toContain('change: set the prefetch for each consumer');
  expect(args?.text).toContain(
    "cause:  RabbitMQ told it: 406 PRECONDITION_FAILED - inequivalent arg 'x-max-length'",
  );
  expect(args?.text).toContain('with the same arguments everywhere');
  expect(pika?.text).toContain(
    "cause:  RabbitMQ told it: 404 NOT_FOUND - no exchange 'e2e-no-such' in vhost '/'",
  );
  expect(database?.text).toMatch(
    /cause: {2}Postgres told it: database "e2e_nope" does not exist \(3D000\)\n +Its URL comes from JOBS_URL, set in the worker's env/,
  );
  for (const { text } of Object.values(failures)) {
    expect(text).not.toContain('change: correct the queue');
    expect(text).not.toContain('change: check which setting');
  }
});
