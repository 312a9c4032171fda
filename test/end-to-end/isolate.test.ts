import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { listSlots } from './harness/list-slots.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(180_000);

const reporters = `reporters: ['default', 'jest-environment-live-worker/reporter'],`;

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
const pg = { PG: require.resolve('pg') };

test('six files at once each find queue and table empty, and nothing is left of them', async () => {
  const before = await listSlots();
  await withProject(manyFiles, async project => {
    const { code, output, results } = await project.run({ args: ['-w', '2'], env: pg });
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: 6,
      output: '',
    });
  });
  expect(await listSlots()).toEqual(before);
});
