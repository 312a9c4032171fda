import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { type Project, withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const anyTest = { 'a.test.js': `test('never runs', () => {});` };

function timeOf(project: Project, event: string): number {
  return project.events().find(candidate => candidate.event === event)?.atMs ?? Number.NaN;
}

test('a worker that exits before it is ready fails the suite with its code and last lines', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/exit-with-code.mjs'], env: { EXIT_CODE: '3', PASSWORD: 'hunter2-hunter2' },
          ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
      ...anyTest,
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      expect(output).toContain('Cannot start worker "ops": it exited with code 3 before it was ready');
      expect(output).toMatch(/stderr, last lines:\n\s+\S+/);
      expect(output).toContain('ops.stderr.log');
      expect(output).not.toContain('hunter2');
      expect(output).not.toContain('never runs');
    },
  ));

test('a worker that dies in a test fails that test at once, and every later one', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['node', W + '/dies-after-ready.mjs'], env: { TASK_QUEUE }, ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`),
      'a.test.js': `${fixtures}
        test('before', () => {});
        test('kills it', async () => {
          await rabbitmq().publish(TASK_QUEUE, 'x');
          await new Promise(() => {});
        }, 70_000);
        test('after', () => {});`,
    },
    async project => {
      const { code, results } = await project.run();
      expect(code).toBe(1);
      const [before, kills, after] = results?.testResults[0]?.assertionResults ?? [];
      expect(before?.status).toBe('passed');
      expect(kills?.failureMessages.join()).toMatch(
        /Worker "ops" exited with code 3 during the test "kills it".*, and live-worker did not stop it/,
      );
      expect(kills?.failureMessages.join()).toContain('fatal: the message could not be processed');
      expect(kills?.duration).toBeLessThan(10_000);
      expect(after?.failureMessages.join()).toContain(
        'Worker "ops" is dead since the test "kills it": it exited with code 3, see there',
      );
      expect(after?.failureMessages.join()).not.toContain('fatal');
      expect(timeOf(project, 'session.closed')).toBeGreaterThan(timeOf(project, 'worker.exited'));
    },
  ));

test('a worker that dies after the last test fails the suite', async () =>
  withProject(
    {
      'jest.config.js': configFile(opsWorker),
      'a.test.js': `${fixtures}
        const { pid } = liveWorker('ops');
        test('passes', () => {});
        afterAll(async () => {
          process.kill(liveWorker('ops').pid, 'SIGKILL');
          await new Promise(() => {});
        }, 70_000);`,
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(1);
      expect(output).toContain(
        'Worker "ops" was killed by SIGKILL during an afterAll hook, and live-worker did not stop it',
      );
    },
  ));

test('somebody else’s consumer on the queue stops the suite before the launch', async () =>
  withProject(
    {
      'jest.config.js': configFile(opsWorker),
      'a.test.js': `${fixtures}
        const { execFileSync, spawn } = require('node:child_process');
        test('a second Jest is refused, for this worker would take its messages', () => {
          const { spawnSync } = require('node:child_process');
          const jest = spawnSync(process.execPath, [process.argv[1], '-c', 'shared.config.js'], { cwd: __dirname, encoding: 'utf8' });
          expect(jest.stderr).toContain('queue "' + TASK_QUEUE + '" already has 1 consumer that is not this worker\\'s');
          expect(jest.status).toBe(1);
        }, 60_000);`,
      'shared.config.js': configFile(
        opsWorker.replace('rabbitmq({', "rabbitmq({ share: true, strangers: 'fail',"),
      ).replace('module.exports = {', `module.exports = { testMatch: ['**/b.js'],`),
      'b.js': `test('never runs', () => {});`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test.each([
  ['in band', ['-i']],
  ['in worker processes', ['-w', '2']],
])('the mistakes of a configuration are named all at once, %s', async (_name, args) =>
  withProject(
    {
      'jest.config.js': `
        module.exports = { testEnvironment: 'live-worker', transform: {}, testEnvironmentOptions: { liveWorker: {
          workers: {
            ops: { command: 'python worker.py', startTimeout: 5, ready: [{ kind: 'rabbitmq', queues: [] }] },
            api: { command: ['node'], after: ['opps'] },
          } } } };`,
      'a.test.js': `test('never runs', () => {});`,
      'b.test.js': `test('never runs', () => {});`,
    },
    async project => {
      const { code, output } = await project.run({ args });
      expect(code).toBe(1);
      for (const part of [
        'workers.ops.command',
        '["python", "worker.py"]',
        'startTimeoutMs',
        'workers.ops.ready[0].queues',
        'workers.api.ready',
        'workers.api.after[0]',
      ]) {
        expect(output).toContain(part);
      }
    },
  ),
);
