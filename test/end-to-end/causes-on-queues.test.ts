import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectBroker } from 'amqplib';
import { configFile, fixtures } from './harness/config-file.ts';
import { failedRun, failureOf, quick, withListening } from './harness/failure-of.ts';
import { deleteQueues, withProject } from './harness/project.ts';
import { brokerUrl, databaseUrl } from './harness/services.ts';

jest.setTimeout(90_000);

const quickWorker = (probe: string, rest = '') =>
  configFile(`ops: { command: ['node', W + '/amqplib-worker.mjs'], ${rest} ${quick} ready: [${probe}] },`);

test('D13 messages from before are counted before the launch and said, and stand in a failure', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/dies-after-ready.mjs'], env: { TASK_QUEUE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
      'a.test.js': `test('waits for its own message', async () => { await new Promise(() => {}); }, 60_000);`,
    },
    async project => {
      await leaveMessages(project.queue, 3);
      const { text, output, elapsedMs } = await failedRun(project, 'a.test.js');
      expect(output).toContain(
        'live-worker: worker "ops": queue "<queue>" holds 3 messages from before, which it will take first; purge: true on the probe drops them',
      );
      expect(text).toContain('also seen: queue "<queue>" held 3 messages from before the worker was started');
      expect(elapsedMs('session.opened', 'queue.baseline')).toBeLessThan(5_000);
    },
  ));

test('D13 purge: true drops them before the launch, and what a test sends before a restart stays', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/amqplib-worker.mjs'], env: { TASK_QUEUE, TASK_TABLE },
          ready: [rabbitmq({ queues: [TASK_QUEUE], purge: true })] },`),
      'a.test.js': `${fixtures}
        test('only what was sent by this test is handled', async () => {
          const ops = liveWorker('ops');
          await ops.stop();
          await rabbitmq().publish(TASK_QUEUE, { id: 'of-the-test', provider: 'known' });
          await ops.start();
          await ops.logs.waitFor('task not found: of-the-test');
          expect(ops.logs.text()).not.toContain('left-over');
        });`,
    },
    async project => {
      await leaveMessages(project.queue, 2);
      const { code, output } = await project.run();
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringContaining(
          `live-worker: worker "ops": queue "${project.queue}" held 2 messages from before, purged`,
        ),
      });
      expect(output).not.toContain('which it will take first');
    },
  ));

test('D20, FAULT 42: a broker that still starts is waited for', async () => {
  let refusals = 3;
  const startsUp = createServer(client => {
    client.on('error', () => {});
    refusals -= 1;
    if (refusals >= 0) client.destroy();
    else pipeTo(brokerUrl, client);
  });
  await withListening(startsUp, port =>
    withProject(
      {
        'jest.config.js': configFile(
          `ops: { command: ['node', W + '/amqplib-worker.mjs'], ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`,
        ),
        'a.test.js': `test('runs', () => {});`,
      },
      async project => {
        const { code, output } = await project.run({ env: { RABBITMQ_URL: atPort(brokerUrl, port) } });
        expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
        expect(refusals).toBeLessThan(0);
      },
    ),
  );
});

test.each([
  [
    'login',
    (url: URL) => Object.assign(url, { username: 'nobody', password: 'hunter2-hunter2' }),
    /RabbitMQ at \S+ refused the login of user "nobody" \(403\)\n +cause: {2}its URL comes from RABBITMQ_URL, inherited/,
    'change: correct the user and the password in RABBITMQ_URL',
  ],
  [
    'vhost',
    (url: URL) => Object.assign(url, { pathname: '/no-such-vhost' }),
    /RabbitMQ at \S+ refused vhost "no-such-vhost" to user "\S+" \(530\)/,
    'change: rabbitmqctl add_vhost',
  ],
])('D20, FAULT 45: a broker that refuses the %s is named at once', async (_what, spoil, reason, change) => {
  const { text, events, elapsedMs } = await failureOf(
    { 'jest.config.js': quickWorker('rabbitmq({ queues: [TASK_QUEUE] })') },
    { env: { RABBITMQ_URL: spoil(new URL(brokerUrl)).href } },
  );
  expect(text).toContain('[SERVICE_UNAVAILABLE]');
  expect(text).toMatch(reason);
  expect(text).toContain(change);
  expect(text).not.toContain('hunter2');
  expect(events).not.toContain('worker.spawned');
  expect(elapsedMs('session.opened', 'session.closed')).toBeLessThan(10_000);
});

test('D20, FAULT 45: a database that refuses the login is named at once', async () => {
  const { text, elapsedMs } = await failureOf(
    { 'jest.config.js': quickWorker('postgres()') },
    { env: { DATABASE_URL: Object.assign(new URL(databaseUrl), { username: 'nobody_there' }).href } },
  );
  expect(text).toMatch(
    /\[SERVICE_UNAVAILABLE\]: Cannot start worker "ops": Postgres at \S+ refused the login of user "nobody_there"/,
  );
  expect(text).toContain('change: correct the user and the password in DATABASE_URL');
  expect(elapsedMs('session.opened', 'session.closed')).toBeLessThan(10_000);
});

/** No broker of this suite has the management plugin, so a server stands in for it that answers in its form. */
test('D22 the management API, where it answers, tells the queues the worker does consume from', async () => {
  const other = `e2e-managed-${process.pid}`;
  const asked: string[] = [];
  let folder = '';
  const management = createHttpServer((request, response) => {
    asked.push(`${request.url} ${request.headers.authorization}`);
    const consumer = (queue: string, peerPort: number) => ({
      queue: { name: queue, vhost: '/' },
      consumer_tag: 'amq.ctag-1',
      channel_details: { peer_host: '127.0.0.1', peer_port: peerPort, number: 1, user: 'guest' },
    });
    const port = Number(readFileSync(join(folder, 'local-port'), 'utf8'));
    response.end(JSON.stringify([consumer('somebody-elses', 1), consumer(other, port)]));
  });
  await withListening(management, port =>
    withProject(
      {
        'jest.config.js': configFile(`
          ops: { command: ['node', 'worker.mjs'], env: { OPS_INPUT: '${other}' }, ${quick}
            ready: [rabbitmq({ queues: [TASK_QUEUE], managementUrl: 'http://watcher:hunter2-hunter2@127.0.0.1:${port}/broker' })] },`),
        'worker.mjs': `
          import { writeFileSync } from 'node:fs';
          import amqplib from 'amqplib';
          setTimeout(() => process.exit(124), 60_000);
          const broker = await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true });
          const channel = await broker.createChannel();
          await channel.assertQueue(process.env.OPS_INPUT, { autoDelete: true });
          await channel.consume(process.env.OPS_INPUT, () => {});
          writeFileSync('local-port', String(broker.connection.stream.localPort));`,
        'a.test.js': `test('never runs', () => {});`,
      },
      async project => {
        folder = project.folder;
        const { text, output } = await failedRun(project, 'a.test.js');
        expect(text).toMatch(
          /cause: {2}it is connected to RabbitMQ at \S+, but does not consume from "<queue>": 0 consumers\n/,
        );
        expect(text).toContain(`By the broker's management API it consumes from "${other}"\n`);
        expect(output).not.toContain('hunter2');
        const login = Buffer.from('watcher:hunter2-hunter2').toString('base64');
        expect(asked).toEqual([`/broker/api/consumers/%2F Basic ${login}`]);
      },
    ),
  ).finally(() => deleteQueues([other]));
});

async function leaveMessages(queue: string, count: number): Promise<void> {
  const connection = await connectBroker(brokerUrl, { noDelay: true });
  const channel = await connection.createConfirmChannel();
  await channel.assertQueue(queue, { durable: true });
  for (let index = 0; index < count; index += 1)
    channel.sendToQueue(queue, Buffer.from(JSON.stringify({ id: `left-over-${index}`, provider: 'known' })));
  await channel.waitForConfirms();
  await connection.close();
}

function pipeTo(url: string, client: Socket): void {
  const { hostname, port } = new URL(url);
  const broker = connect(Number(port) || 5672, hostname);
  broker.on('error', () => client.destroy()).on('close', () => client.destroy());
  client.on('close', () => broker.destroy());
  client.pipe(broker).pipe(client);
}

function atPort(url: string, port: number): string {
  return Object.assign(new URL(url), { hostname: '127.0.0.1', port: String(port) }).href;
}
