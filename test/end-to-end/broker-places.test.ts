import { type ManagedRabbitmq, managedRabbitmq } from '../services/managed-rabbitmq.ts';
import { configFile, fixtures } from './harness/config-file.ts';
import { failedRun, quick } from './harness/failure-of.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

let broker: ManagedRabbitmq;
let jobs: string;
beforeAll(async () => {
  broker = await managedRabbitmq();
  jobs = await broker.own('jobs');
  const { username } = new URL(broker.url);
  await broker.set(`permissions/jobs/${username}`, { configure: '.*', write: '.*', read: '.*' });
});
afterAll(() => broker.stop());

const inVhost = (vhost: string) => Object.assign(new URL(broker.url), { pathname: `/${vhost}` }).href;

const consumer = (url: string, options = '{}', kind = '{}') => `
  import amqplib from 'amqplib';
  setTimeout(() => process.exit(124), 60_000);
  const broker = await amqplib.connect(${url}, { noDelay: true });
  const channel = await broker.createChannel();
  await channel.prefetch(1);
  await channel.assertQueue(process.env.TASK_QUEUE, ${kind});
  await channel.consume(process.env.TASK_QUEUE, () => {}, ${options});
  console.log('consuming');`;

const project = (probe: string, worker: string, rest = quick): ProjectFiles => ({
  'jest.config.js': configFile(
    `ops: { command: ['node', 'worker.mjs'], env: { TASK_QUEUE }, ${rest} ready: [${probe}] },`,
  ),
  'worker.mjs': worker,
  'a.test.js': `test('is ready', () => {});`,
});

test('a queue that is consumed in the vhost of another variable is found there', async () =>
  withProject(
    project(`rabbitmq({ queues: [TASK_QUEUE], url: '\${JOBS_URL}' })`, consumer('process.env.RABBITMQ_URL')),
    async started => {
      const { text, output } = await failedRun(started, 'a.test.js', {
        env: { RABBITMQ_URL: inVhost(''), JOBS_URL: jobs },
      });
      expect(text).toMatch(
        /cause: {2}the worker consumes "<queue>" in vhost "\/", the probe looks in vhost "jobs"\n/,
      );
      expect(text).toMatch(
        /Both are of RabbitMQ at \S+: "\/" comes from RABBITMQ_URL, inherited[^;]*; the probe's comes from workers\.ops\.ready\[0\]\.url\n/,
      );
      expect(text).toContain(
        "change: set both to the same vhost: the variable the worker reads, or the probe's url: '${NAME}'",
      );
      expect(text).not.toContain('correct the queue');
      expect(output).not.toContain(':jobs@');
    },
  ));

test.each([
  [
    'the default vhost',
    { url: "new URL('/', process.env.RABBITMQ_URL).href", probed: 'jobs', vhost: '/', variables: {} },
    '"/" is what clients take that are told of none',
  ],
  [
    'a vhost that a variable names alone',
    {
      url: 'new URL(process.env.OPS_VHOST, process.env.RABBITMQ_URL).href',
      probed: '',
      vhost: 'jobs',
      variables: { OPS_VHOST: 'jobs' },
    },
    '"jobs" comes from OPS_VHOST, inherited',
  ],
])('a queue that is consumed in %s is found there', async (_, { url, probed, vhost, variables }, reason) =>
  withProject(project('rabbitmq({ queues: [TASK_QUEUE] })', consumer(url)), async started => {
    const { text } = await failedRun(started, 'a.test.js', {
      env: { RABBITMQ_URL: inVhost(probed), ...variables } as Record<string, string>,
    });
    expect(text).toContain(
      `the worker consumes "<queue>" in vhost "${vhost}", the probe looks in vhost "${probed || '/'}"`,
    );
    expect(text).toContain(reason);
  }),
);

const streaming = () =>
  consumer(
    'process.env.RABBITMQ_URL',
    `{ arguments: { 'x-stream-offset': 'next' } }`,
    `{ durable: true, arguments: { 'x-queue-type': 'stream' } }`,
  );

test('the consumers of a stream are counted by the management API', async () =>
  withProject(
    project(`rabbitmq({ queues: [TASK_QUEUE], managementUrl: process.env.API_URL })`, streaming(), ''),
    async started => {
      const { code, output } = await started.run({ env: { RABBITMQ_URL: broker.url, API_URL: broker.api } });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('a stream whose consumers nobody counts is told as one', async () =>
  withProject(project('rabbitmq({ queues: [TASK_QUEUE] })', streaming(), ''), async started => {
    const { text } = await failedRun(started, 'a.test.js', { env: { RABBITMQ_URL: broker.url } });
    expect(text).toMatch(
      /\[NOT_READY\]: .*queue "<queue>" is a stream, of which the broker counts no consumers, and no management API answers at http:\/\/127\.0\.0\.1:15672/s,
    );
    expect(text).toContain('set managementUrl on the probe');
  }));

test('a user who may not declare the turn is told which permission to give, and share: true does without', async () => {
  const url = await broker.own('tidy');
  await broker.set('permissions/tidy/tidy', { configure: '^e2e-', write: '.*', read: '.*' });
  const worker = consumer('process.env.RABBITMQ_URL');
  await withProject(project('rabbitmq({ queues: [TASK_QUEUE] })', worker), async started => {
    const { text } = await failedRun(started, 'a.test.js', { env: { RABBITMQ_URL: url } });
    expect(text).toContain(
      `[TURN_REFUSED]: Cannot take the turn on queue "<queue>": user "tidy" has no configure permission on "live-worker.turn.<queue>" in vhost "tidy" (403)`,
    );
    expect(text).toContain(
      "rabbitmqctl set_permissions -p tidy tidy '^live-worker\\.|CONFIGURE' 'WRITE' 'READ'",
    );
    expect(text).not.toContain('at Object.');
  });
  await withProject(project('rabbitmq({ queues: [TASK_QUEUE], share: true })', worker, ''), async started => {
    const { code, output } = await started.run({ env: { RABBITMQ_URL: url } });
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  });
});

test('what the broker refuses a test is said by a code of its own, and what stands beside it is done', async () =>
  withProject(
    {
      ...project('rabbitmq({ queues: [TASK_QUEUE] })', consumer('process.env.RABBITMQ_URL'), ''),
      'a.test.js': `${fixtures}
        test('publishes', async () => {
          const { publish, get } = rabbitmq();
          const sent = [TASK_QUEUE, { exchange: 'no-such', routingKey: 'x' }, TASK_QUEUE].map(target => publish(target, 'x'));
          const settled = await Promise.allSettled([...sent, get('nowhere')]);
          const codes = settled.map(({ reason }) => isLiveWorkerError(reason) && [reason.code, reason.details.code]);
          expect(codes).toEqual([false, ['BROKER_REFUSED', 404], false, ['BROKER_REFUSED', 404]]);
        });`,
    },
    async started => {
      const { code, output } = await started.run({ env: { RABBITMQ_URL: broker.url } });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));
