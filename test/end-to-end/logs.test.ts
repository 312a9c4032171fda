import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(90_000);

const readyWorker = `
ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })], env: { DB_PASSWORD: 's3cret-word' } },`;

test('the records of a file lie in a private folder that git ignores, and the newest run is linked', async () =>
  withProject(
    {
      'jest.config.js': configFile(readyWorker),
      'a.test.js': `${fixtures}
      test('logs', () => {
        const { logs } = liveWorker('ops');
        expect(logs.text()).toBe('ready\\n');
        expect(logs.text('stderr')).toBe('');
        expect(logs.files.stdout).toMatch(/^\\/.*a\\.test\\.js\\/ops\\.stdout\\.log$/);
      });`,
    },
    async project => {
      expect((await project.run()).code).toBe(0);
      const base = join(project.folder, '.live-worker');
      const latest = join(base, readlinkSync(join(base, 'latest')));
      expect(readFileSync(join(base, '.gitignore'), 'utf8')).toBe('*\n');
      expect(readdirSync(join(latest, 'a.test.js')).sort()).toEqual([
        'events.ndjson',
        'ops.launch.ndjson',
        'ops.stderr.log',
        'ops.stdout.log',
      ]);
      for (const name of readdirSync(join(latest, 'a.test.js'))) {
        expect(statSync(join(latest, 'a.test.js', name)).mode & 0o777).toBe(0o600);
      }
      expect(project.record('a.test.js', 'ops.launch.ndjson')).not.toContain('s3cret-word');
    },
  ));

test('five runs are kept', async () =>
  withProject(
    {
      'jest.config.js': configFile(readyWorker),
      'a.test.js': `test('nothing', () => {});`,
    },
    async project => {
      for (let run = 0; run < 7; run += 1) expect((await project.run()).code).toBe(0);
      const runs = readdirSync(join(project.folder, '.live-worker')).filter(name => /^\d/.test(name));
      expect(runs).toHaveLength(5);
      expect(existsSync(join(project.folder, '.live-worker', 'latest', 'a.test.js'))).toBe(true);
    },
  ));

test('the log files exist before the process, and slices are cut at each test', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
      ops: { command: ['python3', '-c', 'import os,sys; print(os.path.getsize(os.readlink("/proc/self/fd/1"))); sys.stderr.write("up\\\\n"); [print("echo", line, end="") for line in open(os.environ["FIFO"])]'],
        env: { FIFO: __dirname + '/fifo' }, ready: [log({ pattern: 'up', stream: 'stderr' })] },`),
      'a.test.js': `${fixtures}
      const { openSync, writeSync } = require('node:fs');
      let fifo;
      beforeAll(() => { fifo = openSync(__dirname + '/fifo', 'w'); });
      test('first', async () => {
        expect(liveWorker('ops').logs.text('stdout')).toBe('0\\n');
        writeSync(fifo, 'one\\n');
        expect(await liveWorker('ops').logs.waitFor(/ech. one/)).toBe('echo one');
        expect(liveWorker('ops').logs.sinceTestStart()).toBe('echo one\\n');
      });
      test('second', async () => {
        expect(liveWorker('ops').logs.sinceTestStart()).toBe('');
        writeSync(fifo, 'two\\n');
        expect(await liveWorker('ops').logs.waitFor('two')).toBe('echo two');
        expect(liveWorker('ops').logs.sinceTestStart('stdout')).toBe('echo two\\n');
      });`,
    },
    async project => {
      await makeFifo(join(project.folder, 'fifo'));
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

test('echo copies whole lines to the console behind the name of the worker', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
      ops: { command: ['node', W + '/partial-line.mjs'], echo: true, ready: [log({ pattern: 'ready' })] },`),
      'a.test.js': `test('nothing', () => {});`,
    },
    async project => {
      const { code, output } = await project.run();
      expect(code).toBe(0);
      expect(output).toContain('[ops] ready\n');
    },
  ));

test('D09, FAULT 37: a test that blocks the event loop costs the worker nothing', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
      ops: { command: ['node', W + '/chatty.mjs'], ready: [log({ pattern: 'ready' })],
        env: { LINES: '2000', BYTES: '1000', INTERVAL_MS: '1', ROUNDS: '100' } },`),
      'a.test.js': `${fixtures}
      test('blocks', () => {
        const { readFileSync, statSync } = require('node:fs');
        const { stdout, stderr } = liveWorker('ops').logs.files;
        const begin = Date.now();
        const isDone = () => readFileSync(stderr, 'utf8').includes('done');
        while (Date.now() - begin < 3000 || (!isDone() && Date.now() - begin < 40_000));
        expect(statSync(stdout).size).toBe(200_000_000);
        expect(liveWorker('ops').logs.text('stderr')).toBe('ready\\ndone\\n');
      }, 60_000);`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));

async function makeFifo(path: string): Promise<void> {
  const { execFileSync } = await import('node:child_process');
  execFileSync('mkfifo', [path]);
}
