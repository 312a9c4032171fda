import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Row } from '../row.ts';

const run = promisify(execFile);
const repository = join(__dirname, '../..');
const runLimitMs = 120_000;

/** Five gaps between six steps. */
const worker = `
const amqplib = require('amqplib');
const pg = require('pg');
setTimeout(() => process.exit(124), 110_000);
(async () => {
  const database = new pg.Client(process.env.DATABASE_URL);
  await database.connect();
  await database.query('CREATE TABLE IF NOT EXISTS live_worker_bench_crash (id text PRIMARY KEY, state text)');
  const channel = await (await amqplib.connect(process.env.RABBITMQ_URL, { noDelay: true })).createConfirmChannel();
  await channel.assertQueue('live-worker-bench-crash-out', { expires: 60_000 });
  await channel.assertQueue('live-worker-bench-crash', { expires: 60_000 });
  await channel.prefetch(1);
  const tell = async (id, what) => {
    channel.sendToQueue('live-worker-bench-crash-out', Buffer.from(what), { messageId: id + what });
    await channel.waitForConfirms();
  };
  await channel.consume('live-worker-bench-crash', async message => {
    const id = message.content.toString();
    await database.query("INSERT INTO live_worker_bench_crash VALUES ($1, 'new') ON CONFLICT DO NOTHING", [id]);
    await tell(id, 'taken');
    await database.query("UPDATE live_worker_bench_crash SET state = 'paid' WHERE id = $1", [id]);
    await tell(id, 'paid');
    channel.ack(message);
  });
})();
`;

const config = `
const { defineLiveWorkers, rabbitmq } = require('${repository}/dist/config.js');
const ready = [rabbitmq({ queues: ['live-worker-bench-crash'] })];
module.exports = { testEnvironment: '${repository}/dist/index.js', transform: {},
  testEnvironmentOptions: defineLiveWorkers({ workers: { ops: { command: ['node', 'worker.js'], ready, tap: true } } }) };
`;

const body = `
const { everyCrashPoint, postgres, rabbitmq } = require('${repository}/dist/fixtures.js');
test('every point', async () => {
  const began = performance.now();
  const { points } = await everyCrashPoint({
    work: ({ key }) => rabbitmq().publish('live-worker-bench-crash', key),
    same: async ({ key, emitted }) => ({
      rows: (await postgres({ url: process.env.DATABASE_URL }).query('SELECT state FROM live_worker_bench_crash WHERE id = $1', [key])).rows,
      out: await emitted({ distinctBy: 'messageId' }),
    }),
  });
  expect(points).toHaveLength(5);
  require('node:fs').writeFileSync('took', String(performance.now() - began));
}, 100_000);
`;

export const crashPoints: Row = {
  name: 'crash-points',
  what: 'everyCrashPoint() over a handler with five points, a Node worker that is started again at each',
  unit: 'ms',
  async measure({ rounds }) {
    const values: number[] = [];
    for (let round = 0; round < rounds; round += 1) values.push(await everyPointMs());
    return [{ contender: 'jest-environment-live-worker', values }];
  },
};

async function everyPointMs(): Promise<number> {
  const base = join(repository, '.bench');
  mkdirSync(base, { recursive: true });
  const folder = mkdtempSync(join(base, 'crash-'));
  try {
    const files = {
      'package.json': '{}',
      'worker.js': worker,
      'jest.config.js': config,
      'every.test.js': body,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    await run(process.execPath, [join(repository, 'node_modules/jest/bin/jest.js')], {
      cwd: folder,
      timeout: runLimitMs,
    });
    return Number(readFileSync(join(folder, 'took'), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
