import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const worker = (name: string) => `
${name}: {
  command: ['node', W + '/amqplib-worker.mjs'],
  env: { TASK_QUEUE, TASK_TABLE, NAMED: '${name}' },
  ready: [rabbitmq({ queues: [TASK_QUEUE] }), postgres({ table: TASK_TABLE })],
  scope: 'run',
},`;
const reporters = `reporters: ['default', 'jest-environment-live-worker/reporter'],`;
const config = (...names: readonly string[]) => configFile(names.map(worker).join(''), { jest: reporters });
const tasks = (id: string, pragma = '') => `${pragma}${fixtures}
test('a task is done', async () => {
  await postgres().query('insert into ' + TASK_TABLE + " (id) values ('${id}')");
  await rabbitmq().publish(TASK_QUEUE, { id: '${id}', provider: 'known' });
  const { status } = await postgres().waitForRow('select status from ' + TASK_TABLE + " where id = '${id}' and status <> 'PENDING'");
  expect(['RUNNING', 'COMPLETED']).toContain(status);
  expect(await rabbitmq().depth(TASK_QUEUE)).toMatchObject({ consumers: 1 });
});`;

test('files in parallel use one worker on one queue at once, and take no turns', async () =>
  withProject(
    {
      'jest.config.js': config('ops'),
      'a.test.js': tasks('a'),
      'b.test.js': tasks('b'),
      'c.test.js': tasks('c'),
    },
    async project => {
      const { code, output, results } = await project.run({ args: ['-w', '2'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(results).toMatchObject({ numPassedTests: 3 });
    },
  ));

test('two workers of the run that want one queue have it one after the other', async () =>
  withProject(
    {
      'jest.config.js': config('ops', 'other'),
      'a.test.js': tasks('a', '/** @live-worker ops */'),
      'b.test.js': tasks('b', '/** @live-worker other */'),
      'c.test.js': tasks('c', '/** @live-worker ops */'),
    },
    async project => {
      const { code, output, results } = await project.run({ args: ['-w', '2'] });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(results).toMatchObject({ numPassedTests: 3 });
    },
  ));

test.each([
  ['in band', ['-i']],
  ['in two processes', ['-w', '2']],
])('a file with a worker of its own has the queue between those that share one, %s', async (_, args) =>
  withProject(
    {
      'jest.config.js': config('ops', 'own').replace(/(own: [\s\S]*?)scope: 'run'/, "$1scope: 'file'"),
      'a.test.js': tasks('a', '/** @live-worker ops */'),
      'b.test.js': tasks('b', '/** @live-worker own */'),
      'c.test.js': tasks('c', '/** @live-worker ops */'),
    },
    async project => {
      const { code, output } = await project.run({ args });
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ),
);

test('another consumer on the queue of a shared worker is a stranger, as beside a worker of a file', async () =>
  withProject(
    {
      'jest.config.js': config('ops').replace(
        'transform: {},',
        "transform: {}, globalSetup: '<rootDir>/consume.js', globalTeardown: '<rootDir>/close.js',",
      ),
      'consume.js': `module.exports = async () => {
        globalThis.stranger = await require('amqplib').connect(process.env.RABBITMQ_URL);
        const channel = await globalThis.stranger.createChannel();
        await channel.assertQueue(process.env.TASK_QUEUE, { durable: true });
        await channel.consume(process.env.TASK_QUEUE, () => {});
      };`,
      'close.js': 'module.exports = () => globalThis.stranger.close();',
      'a.test.js': tasks('a'),
    },
    async project => {
      const { results } = await project.run({ args: ['-i'] });
      expect(results?.testResults[0]?.message).toContain(
        `[STRANGERS_ON_QUEUE]: Cannot start worker "ops": queue "${project.queue}" already has 1 consumer`,
      );
    },
  ));
