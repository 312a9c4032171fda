import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readProcessEntry } from '../../src/process/table/process-identity.ts';
import { type SupervisedProject, withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(120_000);

const program = `
require('node:fs').appendFileSync('started', process.env.NAME + ' ' + process.pid + '\\n');
console.log('ready');
setTimeout(() => process.exit(9), 60_000);`;
const worker = (rest: string) =>
  `{ command: ['node', 'worker.js'], ready: [log({ pattern: 'ready' })], scope: 'run', ${rest} }`;
const config = `
const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
module.exports = withLiveWorkers(
  { workers: { ops: ${worker(`env: { NAME: 'ops' }`)} } },
  { transform: {}, testSequencer: './sequencer.js' },
);`;
const sequencer = `
module.exports = class {
  sort(tests) { return [...tests].sort((one, other) => (one.path < other.path ? -1 : 1)); }
  shard(tests, { shardIndex, shardCount }) { return tests.filter((_, index) => index % shardCount === shardIndex - 1); }
  cacheResults() {}
};`;
const fixtures = `
const { liveWorker } = require('jest-environment-live-worker/fixtures');
const { appendFileSync, existsSync } = require('node:fs');
const see = () => appendFileSync('seen', 'ops ' + liveWorker('ops').pid + '\\n');`;
const passing = `${fixtures}
test('has it', () => {
  expect(liveWorker('ops').state).toBe('ready');
  see();
});`;
const namesOf = (count: number) =>
  Array.from({ length: count }, (_, index) => `${String(index + 1).padStart(2, '0')}.test.js`);
const project = (count: number, others: Readonly<Record<string, string>> = {}) => ({
  'worker.js': program,
  'jest.config.js': config,
  'sequencer.js': sequencer,
  ...Object.fromEntries(namesOf(count).map(name => [name, passing])),
  ...others,
});
const linesOf = ({ folder }: SupervisedProject, name: string) =>
  readFileSync(join(folder, name), 'utf8').trim().split('\n');

/** One worker was started, and every file saw that. */
function expectOneWorker(own: SupervisedProject): void {
  expect(linesOf(own, 'started')).toHaveLength(1);
  expect(new Set(linesOf(own, 'seen'))).toEqual(new Set(linesOf(own, 'started')));
}

const isLiving = (pid: number) => (readProcessEntry(pid)?.state ?? 'Z') !== 'Z';

/** What was started, and is alive. */
function living(own: SupervisedProject): readonly string[] {
  return linesOf(own, 'started').filter(line => isLiving(Number(line.split(' ')[1])));
}

test('what ends a process of Jest, or blocks it for 8 s, is the matter of its file alone', async () =>
  withSupervisedProject(
    project(14, {
      '03.test.js': `${fixtures} test('exits', () => { see(); process.exit(5); });`,
      '05.test.js': `${fixtures} test('is killed', () => { see(); process.kill(process.pid, 'SIGKILL'); });`,
      '01.test.js': `${fixtures}
        test('blocks', () => { for (const end = Date.now() + 8_000; Date.now() < end; ); });
        test('later', see);`,
    }),
    async own => {
      // Below what any process has: Jest replaces its children after every file.
      const args = ['-w', '4', '--workerIdleMemoryLimit=1KB', '--testTimeout=6000'];
      const { code, results, output } = await own.start({ args }).ended;
      const failed = results?.testResults.filter(({ message }) => message !== '') ?? [];
      expect({ code, failed: failed.map(({ name }) => basename(name)).sort(), output }).toEqual({
        code: 1,
        failed: ['03.test.js', '05.test.js'],
        output: expect.not.stringContaining('LiveWorkerError'),
      });
      expect(results).toMatchObject({ numPassedTests: 13, numFailedTests: 0 });
      expectOneWorker(own);
    },
  ));

test.each([
  ['--shard and --forceExit', ['-w', '2', '--shard=1/2', '--forceExit'], 4],
  ['--shard and --detectOpenHandles', ['--shard=2/2', '--detectOpenHandles'], 3],
])('%s', async (_, args, tests) =>
  withSupervisedProject(project(7), async own => {
    const { code, results, output } = await own.start({ args }).ended;
    expect({ code, output }).toEqual({
      code: 0,
      output: expect.not.stringMatching(/LiveWorkerError|potentially keeping|did not exit/),
    });
    expect(results).toMatchObject({ numPassedTests: tests });
    expectOneWorker(own);
  }),
);

/** Jest tells its reporters of the end once for each file that fails. */
test('--bail ends the workers of the run once, and the files that are cut off start none', async () =>
  withSupervisedProject(
    project(6, {
      'jest.config.js': config.replace('transform: {}', `transform: {}, setupFiles: ['./setup.js']`),
      'setup.js': `require('node:fs').appendFileSync('children', process.pid + '\\n');`,
      ...Object.fromEntries(
        [3, 4].map(number => [
          `0${number}.test.js`,
          `${fixtures}
          test('fails', async () => {
            see();
            appendFileSync('failing-${number}', '');
            while (!existsSync('failing-${7 - number}')) await new Promise(resolve => setTimeout(resolve, 2));
            throw new Error('no');
          });`,
        ]),
      ),
    }),
    async own => {
      const { code, output } = await own.start({ args: ['-w', '2', '--bail'] }).ended;
      expect({ code, output }).toEqual({ code: 1, output: expect.not.stringContaining('LiveWorkerError') });
      while (linesOf(own, 'children').some(pid => isLiving(Number(pid)))) await sleep(10);
      while (own.supervisors().length > 0 || readdirSync(own.sockets).length > 0) await sleep(10);
      expect(living(own)).toEqual([]);
    },
  ));

const differing = `
const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
const project = (name, workers) => {
  const { reporters, ...rest } = withLiveWorkers({ workers }, { transform: {}, displayName: name });
  return { ...rest, rootDir: __dirname, testMatch: ['<rootDir>/' + name + '-*.test.js'] };
};
const same = ${worker(`env: { NAME: 'same' }`)};
module.exports = {
  reporters: ['default', 'jest-environment-live-worker/reporter'],
  projects: [
    project('one', { same, ops: ${worker(`env: { NAME: 'ops-one' }`)}, api: ${worker(`env: { NAME: 'api-one' }, after: ['ops']`)} }),
    project('two', { same, api: ${worker(`env: { NAME: 'api-two' }`)}, ops: ${worker(`env: { NAME: 'ops-two' }, after: ['api']`)} }),
  ],
};`;
const ofProject = (name: string) => `${fixtures}
test('has those of its project', () => {
  expect(liveWorker('ops').env.NAME).toBe('ops-${name}');
  for (const [name, label] of [['same', 'same'], ['ops', 'ops-${name}'], ['api', 'api-${name}']])
    appendFileSync('seen', label + ' ' + liveWorker(name).pid + '\\n');
});`;

test('projects share what is the very same, and of one name each has its own', async () =>
  withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': differing,
      ...Object.fromEntries(
        ['one', 'two'].flatMap(name =>
          ['a', 'b', 'c'].map(file => [`${name}-${file}.test.js`, ofProject(name)]),
        ),
      ),
    },
    async own => {
      const { code, output } = await own.start({ args: ['-w', '2'] }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      const started = linesOf(own, 'started');
      expect(started.map(line => line.split(' ')[0]).sort()).toEqual([
        'api-one',
        'api-two',
        'ops-one',
        'ops-two',
        'same',
      ]);
      expect(new Set(linesOf(own, 'seen'))).toEqual(new Set(started));
      // Each was stopped by the supervisor: its watchdog had nothing to do.
      expect(living(own)).toEqual([]);
      expect(readdirSync(join(own.folder, '.live-worker', 'latest'))).not.toContain('watchdog.ndjson');
    },
  ));

test('projects with a folder each share a worker that has the same one in both', async () => {
  const ofFolder = `
    const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
    const { reporters, ...rest } = withLiveWorkers({ workers: { ops: ${worker(`cwd: '..', env: { NAME: 'ops' }`)} } }, { transform: {} });
    module.exports = rest;`;
  await withSupervisedProject(
    {
      'worker.js': program,
      'jest.config.js': `module.exports = {
        projects: ['one', 'two'],
        reporters: ['default', 'jest-environment-live-worker/reporter'],
      };`,
      ...Object.fromEntries(
        ['one', 'two'].flatMap(name => [
          [`${name}/jest.config.js`, ofFolder],
          [`${name}/a.test.js`, passing],
          [`${name}/b.test.js`, passing],
        ]),
      ),
    },
    async own => {
      const { code, output } = await own.start({ args: ['-w', '2'] }).ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expectOneWorker(own);
    },
  );
});

test('in watch mode each cycle has a worker, and nothing is left after q', async () =>
  withSupervisedProject(project(4), async own => {
    const jest = own.start({ args: ['--watchAll', '-w', '2'], terminal: true });
    await jest.untilOutput(/Tests: +4 passed.*Watch Usage/s);
    expect(living(own)).toEqual([]);
    jest.child.stdin?.write('\r');
    await jest.untilOutput(/Tests: +4 passed.*Ran all.*Tests: +4 passed.*Ran all.*Watch Usage/s);
    jest.child.stdin?.write('q');
    await jest.ended;
    const started = linesOf(own, 'started');
    expect(started).toHaveLength(2);
    expect(linesOf(own, 'seen').sort()).toEqual([...started, ...started, ...started, ...started].sort());
    expect(living(own)).toEqual([]);
  }));

test('a child of a Jest that is gone starts nothing for the process that adopted it', async () =>
  withSupervisedProject(
    project(2, {
      'jest.config.js': `${config} module.exports.testEnvironment = './environment.js';`,
      'environment.js': `
        const { appendFileSync, existsSync } = require('node:fs');
        appendFileSync('blocked', process.pid + '\\n');
        for (const end = Date.now() + 20_000; Date.now() < end && !existsSync('go-on'); );
        module.exports = require('jest-environment-live-worker');`,
    }),
    async own => {
      const jest = own.start({ args: ['-w', '2'] });
      const blocked = () => (existsSync(join(own.folder, 'blocked')) ? linesOf(own, 'blocked') : []);
      while (blocked().length < 2) await sleep(10);
      jest.child.kill('SIGKILL');
      while (own.supervisors().length > 0) await sleep(10);
      writeFileSync(join(own.folder, 'go-on'), '');
      while (blocked().some(pid => isLiving(Number(pid)))) await sleep(10);
      await jest.ended;
      expect(own.supervisors()).toEqual([]);
      expect(readdirSync(own.sockets)).toEqual([]);
      expect(existsSync(join(own.folder, 'started'))).toBe(false);
      expect(existsSync(join(own.folder, '.live-worker'))).toBe(false);
    },
  ));

test('a worker that dies while a file without a test to run is loaded fails the run', async () =>
  withSupervisedProject(
    project(1, {
      'jest.config.js': config.replace('{ workers', `{ gate: 'setup', workers`),
      '01.test.js': `${fixtures}
        const { pid } = liveWorker('ops');
        const isRunning = () => {
          try { return !require('node:fs').readFileSync('/proc/' + pid + '/stat', 'utf8').includes(') Z'); } catch { return false; }
        };
        process.kill(pid, 'SIGKILL');
        while (isRunning());
        test.skip('skipped', () => {});`,
    }),
    async own => {
      const { code, output } = await own.start({ args: ['-i'] }).ended;
      expect({ code, output }).toEqual({
        code: 1,
        output: expect.stringContaining('Worker "ops" was killed by SIGKILL'),
      });
    },
  ));

test('what a supervisor left that was killed with its watchdog is ended before the next file', async () =>
  withSupervisedProject(
    project(2, {
      '01.test.js': `${fixtures}
        const { readdirSync, readFileSync } = require('node:fs');
        const commandOf = pid => { try { return readFileSync('/proc/' + pid + '/cmdline', 'latin1'); } catch { return ''; } };
        const find = (program, own) =>
          readdirSync('/proc').filter(pid => commandOf(pid).includes(program) && commandOf(pid).includes(own)).map(Number);
        test('kills both', async () => {
          // The command line of a watchdog tells of its first launch, that of a supervisor of its sockets.
          const [watchdog] = find('/dist/watchdog/main.js', process.cwd());
          const [supervisor] = find('/dist/supervisor/process/main.js', process.env.XDG_RUNTIME_DIR);
          process.kill(watchdog, 'SIGSTOP');
          process.kill(supervisor, 'SIGKILL');
          process.kill(watchdog, 'SIGKILL');
        });`,
      '02.test.js': `${fixtures}
        const { readFileSync } = require('node:fs');
        const isAlive = pid => {
          try { return !readFileSync('/proc/' + pid + '/stat', 'latin1').includes(') Z '); } catch { return false; }
        };
        test('has it alone', () => {
          const [first, second] = readFileSync('started', 'utf8').trim().split('\\n').map(line => line.split(' ')[1]);
          expect(second).toBe(String(liveWorker('ops').pid));
          expect(isAlive(first)).toBe(false);
        });`,
    }),
    async own => {
      const { results, output } = await own.start({ args: ['-i'] }).ended;
      expect({ ...results, output }).toMatchObject({
        numFailedTests: 1,
        numPassedTests: 1,
        output: expect.stringMatching(
          /live-worker: ended what a supervisor that was killed had left of worker "ops": pid \d+\n/,
        ),
      });
    },
  ));
