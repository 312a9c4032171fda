import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment, readProcessTable } from '../../src/process/table/process-table.ts';
import { signalProcess } from '../../src/process/tree/signal-process.ts';
import { type SupervisedProject, withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(120_000);

/** Says which one it is, and exits with 3 once its test asks for that. */
const program = `
const { existsSync, appendFileSync } = require('node:fs');
appendFileSync('started', process.env.NAME + ' ' + process.pid + '\\n');
console.log('ready');
setInterval(() => existsSync('die-' + process.env.NAME) && process.exit(3), 5);
setTimeout(() => process.exit(9), 60_000);
`;
const configured = (workers: string, config = '{}', instead = '{}') => `
const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
const ready = [log({ pattern: 'ready' })];
const command = ['node', 'worker.js'];
const config = withLiveWorkers({ workers: { ${workers} } }, { transform: {}, ...${config} });
module.exports = { ...config, ...${instead} };`;
const ops = `ops: { command, ready, scope: 'run', env: { NAME: 'ops' } },`;
const fixtures = `
const { liveWorker } = require('jest-environment-live-worker/fixtures');
const { appendFileSync, existsSync, writeFileSync } = require('node:fs');
const caught = work => Promise.resolve().then(work).then(() => undefined, error => error);
`;
const passing = `${fixtures}
test('has it', () => {
  expect(liveWorker('ops').state).toBe('ready');
  appendFileSync('seen', liveWorker('ops').pid + '\\n');
});`;
const inOrder = `
module.exports = class {
  sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); }
  shard(tests) { return tests; }
  cacheResults() {}
  allFailedTests(tests) { return tests; }
};`;
const project = (files: Readonly<Record<string, string>>, workers = ops) => ({
  'worker.js': program,
  'jest.config.js': configured(workers),
  ...files,
});
const linesOf = ({ folder }: SupervisedProject, name: string) =>
  readFileSync(join(folder, name), 'utf8').trim().split('\n');

/** The workers of a project that are alive. */
function workersIn({ folder }: SupervisedProject): readonly number[] {
  return (readProcessTable() ?? [])
    .filter(({ pid, state }) => state !== 'Z' && cwdOf(pid) === folder)
    .filter(({ pid }) => readEnvironment(pid).includes('\0LIVE_WORKER_ID='))
    .map(({ pid }) => pid);
}

function cwdOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return undefined;
  }
}

async function untilNoWorker(own: SupervisedProject): Promise<void> {
  while (workersIn(own).length > 0) await sleep(10);
}

test.each([
  ['in band', ['-i']],
  ['in two processes', ['-w', '2']],
  ['in threads', ['-w', '2', '--workerThreads']],
])('files of a run share one worker, %s', async (_, args) =>
  withSupervisedProject(
    project({ 'a.test.js': passing, 'b.test.js': passing, 'c.test.js': passing }),
    async own => {
      const { code, results, output } = await own.start({ args }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(results).toMatchObject({ numPassedTests: 3, numFailedTests: 0 });
      const [started, ...others] = linesOf(own, 'started');
      expect(others).toEqual([]);
      expect(new Set(linesOf(own, 'seen').map(pid => `ops ${pid}`))).toEqual(new Set([started]));
      expect(workersIn(own)).toEqual([]);
    },
  ),
);

test('a file whose launch differs has a worker of its own, and those that wait for another come after it', async () =>
  withSupervisedProject(
    {
      ...project({ 'a.test.js': passing }),
      'jest.config.js': configured(
        `api: { command, ready, scope: 'run', after: ['ops'], env: { NAME: 'api' } }, ${ops}`,
      ),
      'b.test.js': `${fixtures} test('both', () => expect(liveWorker('api').state).toBe('ready'));`,
    },
    async own => {
      const { code, output } = await own.start({ args: ['-i'] }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(linesOf(own, 'started').map(line => line.split(' ')[0])).toEqual(['ops', 'api']);
    },
  ));

test('a file whose worker is not the only one of its name tells by what they differ, and no value', async () =>
  withSupervisedProject(
    {
      ...project({ 'a.test.js': passing, 'b.test.js': passing }),
      'sequencer.js': inOrder,
      'jest.config.js': `
        const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
        const entry = (name, env) => {
          const ops = { command: ['node', 'worker.js'], ready: [log({ pattern: 'ready' })], scope: 'run', env: { NAME: 'ops', ...env } };
          const jest = { displayName: name, testMatch: ['<rootDir>/' + name + '.test.js'], transform: {} };
          return withLiveWorkers({ workers: { ops } }, jest, { project: true });
        };
        module.exports = {
          projects: [entry('a', {}), entry('b', { LEVEL: 'a-value' })],
          reporters: ['default', 'jest-environment-live-worker/reporter'],
        };`,
    },
    async own => {
      const { code, output } = await own.start({ args: ['-i', '--testSequencer', './sequencer.js'] }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(linesOf(own, 'started')).toHaveLength(2);
      const events = (file: string) => linesOf(own, `.live-worker/latest/${file}/events.ndjson`);
      expect(events('a.test.js').filter(line => line.includes('worker.differs'))).toEqual([]);
      const [line, ...others] = events('b.test.js').filter(line => line.includes('worker.differs'));
      expect(others).toEqual([]);
      expect(JSON.parse(line ?? '')).toMatchObject({
        worker: 'ops',
        other: 'workers__ops',
        by: ['env.LEVEL'],
      });
      expect(events('b.test.js').join()).not.toContain('a-value');
    },
  ));

test('a death fails the running test and the later ones of its file, and the next file has a fresh worker', async () =>
  withSupervisedProject(
    project({
      'a.test.js': `${fixtures}
        test('one', () => {});
        test('dies', async () => { writeFileSync('die-ops', ''); await new Promise(resolve => setTimeout(resolve, 10_000).unref()); });
        test('later', () => {});
        afterAll(() => require('node:fs').rmSync('die-ops'));`,
      'b.test.js': passing,
      'sequencer.js': inOrder,
    }),
    async own => {
      const { results } = await own.start({ args: ['-i', '--testSequencer', './sequencer.js'] }).ended;
      const [a, b] = results?.testResults ?? [];
      expect(a?.assertionResults.map(({ status }) => status)).toEqual(['passed', 'failed', 'failed']);
      expect(a?.message).toContain('[WORKER_EXITED]: Worker "ops" exited with code 3 during the test "dies"');
      expect(a?.message).toContain('Worker "ops" is dead since the test "dies"');
      expect(b?.assertionResults.map(({ status }) => status)).toEqual(['passed']);
      expect(linesOf(own, 'started')).toHaveLength(2);
    },
  ));

/** Counts up, and ends when it has counted long. */
const counting = `
console.log('ready');
let count = 0;
setInterval(() => console.log('line ' + count++ + ' of a-secret-value'), 2);
setTimeout(() => process.exit(9), 60_000);
`;
const watching = `${fixtures}
test('sees lines', async () => {
  for (let waits = 0; waits < 3; waits += 1) await liveWorker('ops').logs.waitFor(/line .*/);
  const [last] = liveWorker('ops').logs.text().match(/line [0-9]+ of/g).slice(-1);
  appendFileSync('last', last + '\\n');
});`;

test.each([
  ['in band', ['-i']],
  ['in two processes', ['-w', '2']],
  ['in threads', ['-w', '2', '--workerThreads']],
])('with echo each line of a shared worker is printed once, without secrets, %s', async (_, args) =>
  withSupervisedProject(
    {
      ...project({
        'a.test.js': watching,
        'b.test.js': watching,
        'c.test.js': watching,
        'd.test.js': watching,
      }),
      'worker.js': counting,
      'jest.config.js': configured(
        `ops: { command, ready, scope: 'run', echo: true, env: { API_TOKEN: 'a-secret-value' } },`,
      ),
    },
    async own => {
      const { code, output } = await own.start({ args }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      const echoed = output.match(/\[ops\] .*/g) ?? [];
      const [ready, ...lines] = echoed;
      expect(ready).toBe('[ops] ready');
      // What two processes print at one moment comes in any order.
      const numberOf = (line = '') => Number(line.split(' ')[2]);
      lines.sort((one, other) => numberOf(one) - numberOf(other));
      expect(lines).toEqual(lines.map((_line, index) => `[ops] line ${index} of ***`));
      const seen = linesOf(own, 'last').map(line => Number(line.split(' ')[1]));
      expect(lines.length).toBeGreaterThan(Math.max(...seen));
    },
  ),
);

test('a death while no test runs fails the run, which names the worker', async () =>
  withSupervisedProject(
    project({
      'a.test.js': `${fixtures} test('has it', () => {});`,
      'reporter.js': `module.exports = class { async onTestFileResult() {
        require('node:fs').writeFileSync('die-ops', '');
        await new Promise(resolve => setTimeout(resolve, 1_000));
      } };`,
      'jest.config.js': configured(ops, `{ reporters: ['<rootDir>/reporter.js'] }`),
    }),
    async own => {
      const { code, output } = await own.start({ args: ['-i'] }).ended;
      expect(code).toBe(1);
      expect(output).toContain('Worker "ops" exited with code 3');
    },
  ));

test('a worker that is shared is not stopped, killed, paused or restarted by a test', async () =>
  withSupervisedProject(
    project({
      'a.test.js': `${fixtures}
        test('refused', async () => {
          for (const action of ['stop', 'kill', 'restart', 'pause', 'resume', 'start'])
            expect(await caught(() => liveWorker('ops')[action]())).toMatchObject({ code: 'WORKER_SHARED' });
        });`,
    }),
    async own => {
      const { code, output } = await own.start({ args: ['-i'] }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('a file that asks for its own worker may stop it, and the others share theirs', async () =>
  withSupervisedProject(
    project({
      'a.test.js': `/** @live-worker-scope file */ ${fixtures}
        test('stops it', async () => {
          await liveWorker('ops').stop();
          expect(liveWorker('ops').state).toBe('stopped');
        });`,
      'b.test.js': passing,
      'c.test.js': passing,
    }),
    async own => {
      const { code, output } = await own.start({ args: ['-i'] }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(linesOf(own, 'started')).toHaveLength(2);
      expect(new Set(linesOf(own, 'seen')).size).toBe(1);
    },
  ));

test('a start that fails is explained in each file that needs it', async () =>
  withSupervisedProject(
    project({
      'a.test.js': passing,
      'b.test.js': passing,
      'worker.js': `console.error('no'); process.exit(4);`,
    }),
    async own => {
      const { output, results } = await own.start({ args: ['-i'] }).ended;
      expect(results).toMatchObject({ numFailedTestSuites: 2 });
      expect(
        output.match(/\[EXITED_BEFORE_READY\]: Cannot start worker "ops": it exited with code 4/g),
      ).toHaveLength(2);
    },
  ));

test('a launch that cannot be made is explained in each file that needs it', async () =>
  withSupervisedProject(
    project(
      {
        'sequencer.js': inOrder,
        'a.test.js': passing,
        'b.test.js': passing,
        'c.test.js': `/** @live-worker ops */ ${passing}`,
      },
      `${ops} other: { command: ['no-such-command'], ready, scope: 'run' },`,
    ),
    async own => {
      const { output, results } = await own.start({ args: ['-i', '--testSequencer', './sequencer.js'] })
        .ended;
      expect(output.match(/\[EXECUTABLE_NOT_FOUND\]: Cannot launch worker "other"/g)).toHaveLength(2);
      // The worker that was to be launched beside it is there for a file that wants it alone.
      expect({ ...results, output }).toMatchObject({ numFailedTestSuites: 2, numPassedTests: 1 });
    },
  ));

test('without the reporter scope run is refused, with the line that adds it', async () =>
  withSupervisedProject(
    project({
      'a.test.js': passing,
      'jest.config.js': configured(ops, '{}', `{ reporters: ['default'] }`),
    }),
    async own => {
      const { output } = await own.start({ args: ['-i'] }).ended;
      expect(output).toContain('[REPORTER_MISSING]: Cannot share worker "ops" between the files of this run');
      expect(output).toContain("reporters: ['default', 'jest-environment-live-worker/reporter']");
      while (own.supervisors().length > 0) await sleep(10);
    },
  ));

const waiting = `${fixtures}
test('waits', async () => {
  process.stderr.write('waiting\\n');
  while (!existsSync('go-on')) await new Promise(resolve => setTimeout(resolve, 5).unref());
}, 60_000);`;

test('a supervisor that is killed fails the running test, and its workers are ended', async () =>
  withSupervisedProject(project({ 'a.test.js': waiting, 'b.test.js': passing }), async own => {
    const jest = own.start({ args: ['-w', '2'] });
    await jest.untilOutput('waiting');
    const [supervisor] = own.supervisors();
    if (!supervisor) throw new Error('there is no supervisor');
    signalProcess(supervisor, 'SIGKILL');
    const { output } = await jest.ended;
    expect(output).toContain('[SUPERVISOR_LOST]');
    await untilNoWorker(own);
  }));

test('the files that follow the loss of a supervisor share a worker of another one', async () =>
  withSupervisedProject(
    project({
      'sequencer.js': inOrder,
      'a.test.js': `${waiting}\ntest('comes later', () => {});`,
      'b.test.js': passing,
      'c.test.js': passing,
    }),
    async own => {
      const jest = own.start({ args: ['-i', '--testSequencer', './sequencer.js'] });
      await jest.untilOutput('waiting');
      const [supervisor] = own.supervisors();
      if (!supervisor) throw new Error('there is no supervisor');
      signalProcess(supervisor, 'SIGKILL');
      const { results, output } = await jest.ended;
      expect({ ...results, output }).toMatchObject({ numFailedTests: 2, numPassedTests: 2 });
      expect(output).toMatch(
        /supervisor of this run \(pid \d+\) is gone: .* \(since the test ".+", see there\)/,
      );
      expect(new Set(linesOf(own, 'seen')).size).toBe(1);
      await untilNoWorker(own);
    },
  ));

test('a Jest that is killed leaves no worker and no supervisor', async () =>
  withSupervisedProject(project({ 'a.test.js': waiting, 'b.test.js': waiting }), async own => {
    const jest = own.start({ args: ['-w', '2'] });
    await jest.untilOutput('waiting');
    jest.child.kill('SIGKILL');
    await untilNoWorker(own);
    while (own.supervisors().length > 0 || readdirSync(own.sockets).length > 0) await sleep(10);
  }));

test('a worker that takes long says in the waiting line of its file what it waits for', async () =>
  withSupervisedProject(
    {
      'worker.js': `console.log('ready'); setTimeout(() => process.exit(9), 60_000);`,
      'jest.config.js': configured(`
        api: { command, ready: [log({ pattern: 'never' })], startTimeoutMs: 6_500, scope: 'run' },`),
      'a.test.js': `test('is not reached', () => {});`,
    },
    async own => {
      const { output } = await own.start({ args: ['-i'] }).ended;
      expect(output).toMatch(/worker "api" is not ready after 5 s of 6.5: it has not been written yet/);
    },
  ));
