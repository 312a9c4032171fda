import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { deleteQueues, type Project, withProject } from './harness/project.ts';

jest.setTimeout(240_000);

const celery = `-A ops_core.tasks worker --concurrency 2 --pool prefork --without-gossip --without-mingle --without-heartbeat`;
const workers = `
ops: {
  command: ['celery', ...'${celery}'.split(' '), '-Q', TASK_QUEUE],
  cwd: W + '/celery',
  env: { VIRTUAL_ENV: process.env.LIVE_WORKER_TEST_VENV, TASK_QUEUE, TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })],
  scope: 'run',
},
api: {
  command: ['node', W + '/task-api.mjs'],
  env: { TASK_QUEUE, TASK_TABLE },
  ports: ['HTTP_PORT'],
  ready: [http({ url: 'http://127.0.0.1:\${HTTP_PORT}/health' })],
  after: ['ops'],
  scope: 'run',
},
pair: {
  command: ['node', W + '/forks-consumer.mjs'],
  env: { TASK_QUEUE: TASK_QUEUE + '-pair', TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE + '-pair'] })],
  scope: 'run',
},`;

/** Those of the files that use the worker when it dies wait for that. */
const testFile = `${fixtures}
const { randomUUID } = require('node:crypto');
const { basename } = require('node:path');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { VICTIM, DYING } = process.env;
const name = basename(__filename).slice(0, 2);
const completed = id => postgres().waitForRow(
  'select id from ' + TASK_TABLE + " where id = $1 and status = 'COMPLETED'", [id]);
const victims = {
  ops: () => liveWorker('ops').pid,
  api: () => liveWorker('api').pid,
  pair: pid => Number(readFileSync('/proc/' + liveWorker('pair').pid + '/task/' + liveWorker('pair').pid + '/children', 'latin1')),
};
test('tasks are done', async () => {
  const [one, other] = [randomUUID(), randomUUID()];
  const body = JSON.stringify({ id: one, provider: 'known' });
  const { status } = await fetch('http://127.0.0.1:' + liveWorker('api').env.HTTP_PORT + '/tasks', { method: 'POST', body });
  expect(status).toBe(202);
  await postgres().query('insert into ' + TASK_TABLE + ' (id) values ($1)', [other]);
  await rabbitmq().publish(TASK_QUEUE + '-pair', { id: other, provider: 'known' });
  await Promise.all([one, other].map(completed));
});
test('a worker dies', async () => {
  const dying = DYING.split(' ');
  if (!dying.includes(name)) return;
  writeFileSync('in-' + name, '');
  if (name === '07') {
    await eventually(() => expect(dying.filter(one => !existsSync('in-' + one))).toEqual([]), { timeoutMs: 20_000 });
    process.kill(victims[VICTIM](), 'SIGKILL');
  }
  await new Promise(resolve => setTimeout(resolve, 20_000).unref());
}, 30_000);
test('later', () => {});`;
const names = Array.from({ length: 20 }, (_, index) => String(index + 1).padStart(2, '0'));
const files = {
  'jest.config.js': configFile(workers, {
    jest: `reporters: ['default', 'jest-environment-live-worker/reporter'], testSequencer: './sequencer.js',`,
  }),
  'sequencer.js': `module.exports = class {
    sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); }
    cacheResults() {}
  };`,
  ...Object.fromEntries(names.map(name => [`${name}.test.js`, testFile])),
};
/** How many workers of a name were started in the run. */
const launchesOf = ({ folder }: Project, name: string) =>
  readdirSync(join(folder, '.live-worker', 'latest')).filter(entry =>
    new RegExp(`^workers__${name}(\\.\\d+)?$`).test(entry),
  ).length;

test.each([
  [
    'Celery with prefork, which an API waits for,',
    'ops',
    ['-w', '4'],
    ['07', '08', '09', '10'],
    'was killed by SIGKILL',
  ],
  ['a worker of two processes, by the one that consumes,', 'pair', ['-i'], ['07'], 'exited with code 70'],
])('%s dies in one file: those that use it then fail, and no other', async (_, victim, args, dying, how) =>
  withProject(files, async project => {
    try {
      const { code, output, results } = await project.run({
        args,
        env: { VICTIM: victim, DYING: dying.join(' ') },
      });
      if (!results) throw new Error(output);
      const failed = results.testResults.filter(({ message }) => message !== '');
      expect({ code, failed: failed.map(({ name }) => basename(name).slice(0, 2)).sort() }).toEqual({
        code: 1,
        failed: dying,
      });
      for (const { assertionResults, message } of failed) {
        expect(assertionResults.map(({ status }) => status)).toEqual(['passed', 'failed', 'failed']);
        expect(message).toContain(
          `[WORKER_EXITED]: Worker "${victim}" ${how} during the test "a worker dies"`,
        );
        expect(message).toContain(`Worker "${victim}" is dead since the test "a worker dies"`);
      }
      expect(results).toMatchObject({
        numPassedTests: 60 - 2 * dying.length,
        numFailedTests: 2 * dying.length,
      });
      expect(
        Object.fromEntries(['ops', 'api', 'pair'].map(name => [name, launchesOf(project, name)])),
      ).toEqual({
        ops: 1,
        api: 1,
        pair: 1,
        [victim]: 2,
      });
    } finally {
      await deleteQueues([`${project.queue}-pair`]);
    }
  }),
);
