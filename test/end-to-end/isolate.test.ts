import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { reporters, withIsolatedProject } from './harness/isolated-project.ts';
import { listSlots } from './harness/list-slots.ts';

jest.setTimeout(180_000);

/** Takes what is its own, and leaves rubbish behind: rows, a message that nobody takes, a queue. */
const leavesRubbish = `${fixtures}
const atLoad = process.env.DATABASE_URL;
const { Client } = require(process.env.PG);
test('queue and table hold only what this file puts there', async () => {
  expect(atLoad).toMatch(/\\/lw_[0-9a-f]{12}_\\d+$/);
  expect(process.env.RABBITMQ_URL).toMatch(/\\/lw_[0-9a-f]{12}_\\d+$/);
  expect(liveWorker('ops').env.DATABASE_URL).toBe(atLoad);
  const client = new Client({ connectionString: atLoad });
  await client.connect();
  try {
    const { rows } = await client.query('select count(*)::int as count, current_database() as name from ' + TASK_TABLE);
    expect(rows).toEqual([{ count: 0, name: atLoad.split('/').at(-1) }]);
  } finally {
    await client.end();
  }
  const ids = Array.from({ length: 5 }, () => crypto.randomUUID());
  for (const id of ids) await postgres().query('insert into ' + TASK_TABLE + ' (id) values ($1)', [id]);
  for (const id of ids) await rabbitmq().publish(TASK_QUEUE, { id, provider: id });
  await eventually(() => {
    const lines = liveWorker('ops').logs.text('stderr').trim().split('\\n');
    expect(lines.sort()).toEqual(ids.map(id => 'unknown provider: ' + id).sort());
  });
  await liveWorker('ops').stop();
  await rabbitmq().publish(TASK_QUEUE, { id: ids[0], provider: 'rubbish' });
});`;

const manyFiles = {
  'jest.config.js': configFile(opsWorker, { session: 'isolate: true,', jest: reporters }),
  ...Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`file-${index}.test.js`, leavesRubbish])),
};

test('six files at once each find queue and table empty, and nothing is left of them', async () => {
  await withIsolatedProject(manyFiles, async project => {
    const { code, output, results } = await project.run({ args: ['-w', '2'] });
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: 6,
      output: '',
    });
    expect(await listSlots(project)).toEqual([]);
  });
});

const pythonWorker = `
ops: {
  command: ['python', W + '/pika_consumer.py'],
  env: { VIRTUAL_ENV: process.env.LIVE_WORKER_TEST_VENV, TASK_QUEUE, TASK_TABLE },
  ports: ['UNUSED_PORT'],
  ready: [rabbitmq({ queues: [TASK_QUEUE], url: process.env.RABBITMQ_URL }), postgres({ table: TASK_TABLE, connection: true })],
},`;
const parts = `isolate: {
  env: { DB_NAME: '\${slot.database}', RABBIT_VHOST: 'vhost-\${slot.vhost}' },
  testEnv: ['UNUSED_PORT'],
  rabbitmq: { definitions: 'definitions.json' },
},`;
const definitions = {
  queues: [
    { name: 'defined', vhost: '/', durable: true, auto_delete: false, arguments: {} },
    { name: 'of-another', vhost: '/other', durable: true, auto_delete: false, arguments: {} },
  ],
};
const knowsParts = `
test('parts and definitions lead to the slot', async () => {
  const { env } = liveWorker('ops');
  expect(env.DB_NAME).toBe(env.DATABASE_URL.split('/').at(-1));
  expect(env.RABBIT_VHOST).toBe('vhost-' + env.RABBITMQ_URL.split('/').at(-1));
  const { DB_NAME, RABBIT_VHOST, UNUSED_PORT } = process.env;
  expect({ DB_NAME, RABBIT_VHOST, UNUSED_PORT }).toEqual({
    DB_NAME: env.DB_NAME, RABBIT_VHOST: env.RABBIT_VHOST, UNUSED_PORT: env.UNUSED_PORT,
  });
  await rabbitmq().publish('defined', { id: '1' });
  await expect(rabbitmq().publish('of-another', { id: '1' })).rejects.toThrow('of-another');
});`;

test('two shards at once with a worker in Python, of one broker and one database', async () => {
  const files = {
    'jest.config.js': configFile(pythonWorker, { session: parts, jest: reporters }),
    'definitions.json': JSON.stringify(definitions),
    ...Object.fromEntries(
      Array.from({ length: 4 }, (_, index) => [`file-${index}.test.js`, leavesRubbish + knowsParts]),
    ),
  };
  await withIsolatedProject(files, async project => {
    const shards = [1, 2].map(shard => project.start({ args: [`--shard=${shard}/2`, '-i'] }).ended);
    for (const { code, output } of await Promise.all(shards))
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    expect(await listSlots(project)).toEqual([]);
  });
});
