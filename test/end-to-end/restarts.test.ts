import { basename } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, withProject } from './harness/project.ts';
import type { JestRun } from './harness/start-jest.ts';

jest.setTimeout(120_000);

const workers = `
again: { command: ['node', W + '/scripted.mjs'], env: { TASK_QUEUE }, ports: ['HTTP_PORT'], onExit: 'restart',
  ready: [rabbitmq({ queues: [TASK_QUEUE] })] },
loop: { command: ['node', W + '/crashes-soon.mjs'], env: { CRASH: 'crash-loop' }, onExit: 'restart', ready: [log({ pattern: 'ready' })] },
once: { command: ['node', W + '/crashes-soon.mjs'], env: { CRASH: 'crash-once', ONCE: 'once' }, onExit: 'restart',
  ready: [log({ pattern: 'ready' })] },
gone: { command: ['node', W + '/scripted.mjs'], env: { TASK_QUEUE }, onExit: 'ignore',
  ready: [rabbitmq({ queues: [TASK_QUEUE] })] },`;

const prelude = (worker: string) => `/** @live-worker ${worker} */
${fixtures}
const worker = () => liveWorker('${worker}');
const crash = () => process.kill(worker().pid, 'SIGKILL');
const crashes = name => { require('node:fs').writeFileSync('crash-' + name, ''); return new Promise(() => {}); };
const untilNew = pid => eventually(() => {
  expect(worker().state).toBe('ready');
  expect(worker().pid).not.toBe(pid);
});`;

const bodies = {
  again: `
    let pid, port;
    test('goes on while it is restarted', async () => {
      ({ pid, env: { HTTP_PORT: port } } = worker());
      const line = worker().logs.waitFor('from the second launch');
      crash();
      await untilNew(pid);
      expect(worker().exit).toBeUndefined();
      await rabbitmq().publish(TASK_QUEUE, { lines: ['from the second launch'] });
      await line;
    }, 20_000);
    test('the next one has the new one', async () => {
      expect(worker().pid).not.toBe(pid);
      expect(worker().env.HTTP_PORT).toBe(port);
      await rabbitmq().publish(TASK_QUEUE, { lines: ['of the second test'] });
      await worker().logs.waitFor('of the second test');
    });`,
  told: `
    test('fails and tells of the restart', async () => {
      const { pid } = worker();
      crash();
      await untilNew(pid);
      expect('RUNNING').toBe('COMPLETED');
    }, 20_000);
    test('fails without one', () => { expect('RUNNING').toBe('COMPLETED'); });
    test('a stop ends the restarting', async () => {
      crash();
      await worker().stop();
      expect(worker().state).toBe('stopped');
      await worker().start();
      expect(worker().state).toBe('ready');
    }, 20_000);`,
  loop: `
    test('waits for what never comes', () => crashes('loop'), 60_000);
    test('later', () => {});`,
  once: `
    test('waits for what never comes', () => crashes('once'), 60_000);`,
  gone: `
    test('goes on without it', async () => {
      crash();
      await eventually(() => expect(worker().state).toBe('stopped'));
      expect(worker().exit).toEqual({ code: null, signal: 'SIGKILL' });
    });
    test('says that it ended', async () => {
      await rabbitmq().publish(TASK_QUEUE, { lines: [] });
      expect(await caught(worker().logs.waitFor('never'))).toMatchObject({ code: 'WORKER_EXITED' });
      expect((await caught(worker().kill('SIGTERM'))).message).toContain('it was killed by SIGKILL');
      await worker().start();
      expect(worker().state).toBe('ready');
    });`,
};

let outcome: JestRun;
const events: Record<string, ReturnType<Project['events']>> = {};

beforeAll(async () => {
  const files = Object.entries(bodies).map(([name, body]) => [
    `${name}.test.js`,
    `${prelude(name === 'told' ? 'again' : name)}${body}`,
  ]);
  const setup = `require('node:fs').writeFileSync(__dirname + '/once', '');\n`;
  const config = setup + configFile(workers);
  await withProject({ 'jest.config.js': config, ...Object.fromEntries(files) }, async project => {
    outcome = await project.run({ args: ['-i'] });
    for (const name of Object.keys(bodies)) events[name] = project.events(`${name}.test.js`);
  });
});

function resultsOf(name: string) {
  const file = outcome.results?.testResults.find(result => basename(result.name, '.test.js') === name);
  if (!file) throw new Error(outcome.output);
  return file;
}

function statusesOf(name: string): readonly string[] {
  return resultsOf(name).assertionResults.map(({ status }) => status);
}

test('a worker with onExit: restart is started again, and the tests go on', () => {
  expect(resultsOf('again').message).toBe('');
  expect(statusesOf('again')).toEqual(['passed', 'passed']);
  const restarts = events.again?.filter(({ event }) => event === 'worker.restarting');
  expect(restarts).toMatchObject([{ worker: 'again', code: null, signal: 'SIGKILL' }]);
  expect(outcome.output).not.toMatch(/^live-worker:.*restart/m);
});

test('a failing test tells of the restart during it, and only then', () => {
  const [first, second, third] = resultsOf('told').assertionResults;
  expect(first?.failureMessages.join()).toMatch(
    /worker "again": ready, pid \d+, restarted meanwhile after it was killed by SIGKILL\n/,
  );
  expect(second?.failureMessages.join()).toMatch(/worker "again": ready, pid \d+\n/);
  expect(third?.status).toBe('passed');
});

test('FAULT 31: a crash loop ends at the limit, and fails the running test at once', () => {
  const [first, second] = resultsOf('loop').assertionResults;
  const [message] = first?.failureMessages ?? [];
  expect(message).toMatch(
    /^LiveWorkerError \[RESTART_LIMIT_EXCEEDED\]: Worker "loop" exited with code 7 during the test "waits for what never comes"(?:, which had just begun,.*)?, after it was restarted 3 times within \d+\.\d s\n/,
  );
  expect(message).toContain('raise workers.loop.restartLimit');
  expect(message).toContain('  | fatal: it crashed again');
  expect(first?.duration).toBeLessThan(20_000);
  expect(second?.failureMessages.join()).toContain('Worker "loop" is dead since the test "waits for');
  expect(events.loop?.filter(({ event }) => event === 'worker.spawned')).toHaveLength(4);
  expect(events.loop?.filter(({ event }) => event === 'worker.stopped')).toHaveLength(4);
});

test('a restart that does not become ready fails the running test', () => {
  const [first] = resultsOf('once').assertionResults;
  expect(first?.failureMessages.join()).toMatch(
    /^LiveWorkerError \[EXITED_BEFORE_READY\]: Cannot restart worker "once", which exited with code 7 .*: it exited with code 8 before it was ready\n/,
  );
  expect(first?.duration).toBeLessThan(20_000);
});

test('a worker with onExit: ignore stays dead, and says so to whoever uses it', () => {
  expect(resultsOf('gone').message).toBe('');
  expect(statusesOf('gone')).toEqual(['passed', 'passed']);
});
