import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, type ProjectFiles, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const ops = (options = '') => `
ops: {
  command: ['node', W + '/amqplib-worker.mjs'],
  env: { TASK_QUEUE, TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] })],
  scope: 'run',
  ${options}
},`;
const reporters = `reporters: ['default', 'jest-environment-live-worker/reporter'],`;
const config = (workers: string, more = '') => configFile(workers, { jest: `${reporters} ${more}` });
const inOrder = `
module.exports = class {
  sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); }
  shard(tests) { return tests; }
  cacheResults() {}
  allFailedTests(tests) { return tests; }
};`;
/** Publishes to a worker that takes nothing more, and kills it: each message is there again. */
const leaves = (...ids: readonly string[]) => `
  process.kill(liveWorker('ops').pid, 'SIGSTOP');
  for (const id of ${JSON.stringify(ids)}) await rabbitmq().publish(TASK_QUEUE, { id });
  process.kill(liveWorker('ops').pid, 'SIGKILL');`;
const dying = (...ids: readonly string[]) => `${fixtures}
test('dies', async () => { ${leaves(...ids)}
  await new Promise(resolve => setTimeout(resolve, 10_000).unref());
});`;
const passing = `${fixtures} test('has it', () => expect(liveWorker('ops').state).toBe('ready'));`;
const takes = (...ids: readonly string[]) => `${fixtures}
test('takes what is there', async () => {
  await eventually(() => {
    for (const id of ${JSON.stringify(ids)}) expect(liveWorker('ops').logs.text()).toContain('task not found: ' + id);
  });
});`;
const files = (workers: string, tests: ProjectFiles): ProjectFiles => ({
  'jest.config.js': config(workers),
  'sequencer.js': inOrder,
  ...tests,
});
const runInOrder = (project: Project) => project.run({ args: ['-i', '--testSequencer', './sequencer.js'] });
type Results = Awaited<ReturnType<typeof runInOrder>>['results'];
const outcomes = (results: Results) =>
  results?.testResults.map(({ name, message, assertionResults }) => [
    name.replace(/^.*\//, ''),
    /\[(\w+)\]/.exec(message)?.[1] ?? assertionResults.map(({ status }) => status).join(),
  ]);
const count = (text: string, part: string) => text.split(part).length - 1;

test('what a dead worker left fails the next file before its tests, and the one after it takes it', async () =>
  withProject(
    files(ops(), {
      'a.test.js': dying('one', 'two'),
      'b.test.js': passing,
      'c.test.js': takes('one', 'two'),
    }),
    async project => {
      const { results, output } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'LEFTOVER_MESSAGES'],
        ['c.test.js', 'passed'],
      ]);
      expect(results?.testResults[1]?.message).toContain(
        `Cannot start worker "ops" again: 2 messages left by a.test.js on "${project.queue}"`,
      );
      expect(output).toContain(`worker "ops": queue "${project.queue}" holds 2 messages from before`);
    },
  ));

test("leftover: 'purge' drops it and says so, and no other file fails", async () =>
  withProject(
    files(ops(`leftover: 'purge',`), {
      'a.test.js': dying('one', 'two'),
      'b.test.js': `${fixtures} test('none', async () => {
        expect(await rabbitmq().depth(TASK_QUEUE)).toMatchObject({ ready: 0 });
        expect(liveWorker('ops').logs.text()).not.toContain('task not found');
      });`,
    }),
    async project => {
      const { results, output } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'passed'],
      ]);
      expect(
        count(
          output,
          `live-worker: worker "ops": 2 messages left by a.test.js on "${project.queue}", purged`,
        ),
      ).toBe(1);
    },
  ));

test("with leftover: 'ignore' the fresh worker takes it", async () =>
  withProject(
    files(ops(`leftover: 'ignore',`), { 'a.test.js': dying('one'), 'b.test.js': takes('one') }),
    async project => {
      const { results } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'passed'],
      ]);
    },
  ));

/** Takes one message and keeps it. */
const keeps = `
const { connect } = require('amqplib');
setTimeout(() => process.exit(9), 60_000);
connect(process.env.RABBITMQ_URL).then(async broker => {
  const channel = await broker.createChannel();
  await channel.prefetch(1);
  await channel.consume(process.env.TASK_QUEUE, () => require('node:fs').writeFileSync('taken', ''));
});`;

test('what was there before the worker was not left by it', async () =>
  withProject(
    {
      ...files(ops(), {
        'keeps.js': keeps,
        'global-setup.js': `module.exports = async () => {
          const broker = await require('amqplib').connect(process.env.RABBITMQ_URL);
          const channel = await broker.createConfirmChannel();
          await channel.assertQueue(process.env.TASK_QUEUE, { durable: true });
          channel.sendToQueue(process.env.TASK_QUEUE, Buffer.from('old'));
          await channel.waitForConfirms();
          await broker.close();
        };`,
        'a.test.js': `${fixtures} test('dies', async () => {
          await eventually(() => expect(require('node:fs').existsSync('taken')).toBe(true));
          process.kill(liveWorker('ops').pid, 'SIGKILL');
          await new Promise(resolve => setTimeout(resolve, 10_000).unref());
        });`,
        'b.test.js': passing,
      }),
      'jest.config.js': config(ops(), `globalSetup: '<rootDir>/global-setup.js',`).replace(
        "W + '/amqplib-worker.mjs'",
        "'keeps.js'",
      ),
    },
    async project => {
      const { results } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'passed'],
      ]);
    },
  ));

test('a death between files and what it left fail one file, which names the last that used the worker', async () =>
  withProject(
    {
      ...files(ops(), {
        'a.test.js': `${fixtures} test('freezes it', async () => {
          process.kill(liveWorker('ops').pid, 'SIGSTOP');
          await rabbitmq().publish(TASK_QUEUE, { id: 'one' });
          require('node:fs').writeFileSync('pid', String(liveWorker('ops').pid));
        });`,
        'b.test.js': passing,
        'c.test.js': takes('one'),
        'kills.js': `const { existsSync, readFileSync } = require('node:fs');
          module.exports = class { async onTestFileResult({ path }) {
            if (!path.endsWith('a.test.js')) return;
            const pid = readFileSync('pid', 'utf8');
            process.kill(Number(pid), 'SIGKILL');
            while (existsSync('/proc/' + pid)) await new Promise(resolve => setTimeout(resolve, 5));
            await new Promise(resolve => setTimeout(resolve, 500));
          } };`,
      }),
      'jest.config.js': config(ops()).replace("['default', ", "['default', '<rootDir>/kills.js', "),
    },
    async project => {
      const { results } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'passed'],
        ['b.test.js', 'WORKER_EXITED'],
        ['c.test.js', 'passed'],
      ]);
      expect(results?.testResults[1]?.message).toContain(`1 message left by a.test.js on "${project.queue}"`);
    },
  ));

test('a file with a worker of its own has the queue after one that died', async () =>
  withProject(
    files(ops(), {
      'a.test.js': dying('one'),
      'b.test.js': `/** @live-worker-scope file */ ${takes('one')}`,
      'c.test.js': passing,
    }),
    async project => {
      const { results } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'passed'],
        ['c.test.js', 'passed'],
      ]);
    },
  ));

test('of two files that used the dead worker both are named, and one other file fails', async () =>
  withProject(
    files(ops(), {
      'a.test.js': `${fixtures} const { existsSync, writeFileSync } = require('node:fs');
        test('dies', async () => {
          while (!existsSync('b-is-there')) await new Promise(resolve => setTimeout(resolve, 5));
          ${leaves('one')}
          await new Promise(resolve => setTimeout(resolve, 10_000).unref());
        });`,
      'b.test.js': `${fixtures} test('dies too', async () => {
          require('node:fs').writeFileSync('b-is-there', '');
          await new Promise(resolve => setTimeout(resolve, 10_000).unref());
        });`,
      'c.test.js': passing,
      'd.test.js': passing,
    }),
    async project => {
      const { results } = await project.run({ args: ['-w', '2', '--testSequencer', './sequencer.js'] });
      const sorted = [...(outcomes(results) ?? [])].sort();
      expect(sorted.slice(0, 2)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'WORKER_EXITED'],
      ]);
      expect(
        sorted
          .slice(2)
          .map(([, outcome]) => outcome)
          .sort(),
      ).toEqual(['LEFTOVER_MESSAGES', 'passed']);
      const messages = results?.testResults.map(({ message }) => message).join('');
      expect(messages).toMatch(/1 message left by (a.test.js or b|b.test.js or a)\.test\.js on "e2e-/);
    },
  ));

test('purge: true on the probe drops what was there before the run, and what a dead worker left', async () =>
  withProject(
    {
      ...files(ops(), {
        'global-setup.js': `module.exports = async () => {
          const broker = await require('amqplib').connect(process.env.RABBITMQ_URL);
          const channel = await broker.createConfirmChannel();
          await channel.assertQueue(process.env.TASK_QUEUE, { durable: true });
          channel.sendToQueue(process.env.TASK_QUEUE, Buffer.from('{"id":"old"}'));
          await channel.waitForConfirms();
          await broker.close();
        };`,
        'a.test.js': dying('one', 'two'),
        'b.test.js': `${fixtures} test('none', async () => {
          expect(await rabbitmq().depth(TASK_QUEUE)).toMatchObject({ ready: 0 });
          expect(liveWorker('ops').logs.text()).not.toContain('task not found');
        });`,
      }),
      'jest.config.js': config(ops(), `globalSetup: '<rootDir>/global-setup.js',`).replace(
        '[TASK_QUEUE] }',
        '[TASK_QUEUE], purge: true }',
      ),
    },
    async project => {
      const { results, output } = await runInOrder(project);
      expect(outcomes(results)).toEqual([
        ['a.test.js', 'WORKER_EXITED'],
        ['b.test.js', 'passed'],
      ]);
      const said = `worker "ops": queue "${project.queue}" held`;
      expect(output).toContain(`${said} 1 message from before, purged`);
      expect(output).toContain(`${said} 2 messages from before, purged`);
    },
  ));
