import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readEnvironment, readProcessTable } from '../../src/process/table/process-table.ts';
import { signalProcess } from '../../src/process/tree/signal-process.ts';
import { repository } from './harness/folders.ts';
import { type SupervisedProject, withSupervisedProject } from './harness/supervised-project.ts';

jest.setTimeout(120_000);

const program = `
require('node:fs').appendFileSync(process.env.STARTED, process.pid + '\\n');
console.log('ready', process.env.NAME);
setTimeout(() => process.exit(9), 100_000);
`;
interface Configured {
  readonly keepAliveMs?: number;
  readonly worker?: string;
  readonly jest?: string;
}
const configured = ({
  keepAliveMs = 60_000,
  worker = `watch: ['*.js', '!jest.config.js']`,
  jest = '{}',
}: Configured = {}) => `
const { log, withLiveWorkers } = require('jest-environment-live-worker/config');
const STARTED = require('node:path').join(__dirname, 'started.log');
module.exports = withLiveWorkers(
  { keepAliveMs: ${keepAliveMs}, workers: { ops: {
    command: ['node', 'worker.js'], ready: [log({ pattern: 'ready' })], env: { STARTED, NAME: process.env.NAME ?? 'one' },
    scope: 'run', ${worker}
  } } },
  { transform: {}, ...${jest} },
);`;
const tests = `
const { liveWorker } = require('jest-environment-live-worker/fixtures');
test('has it', () => {
  expect(liveWorker('ops').state).toBe('ready');
  require('node:fs').appendFileSync(__dirname + '/seen.log', liveWorker('ops').pid + '\\n');
});`;
const project = (options: Configured = {}) => ({
  'worker.js': program,
  'jest.config.js': configured(options),
  'a.test.js': tests,
});
const local = { CI: '' };
const linesOf = ({ folder }: SupervisedProject, name: string) =>
  readFileSync(join(folder, name), 'utf8').trim().split('\n');

/** Runs once more; resolves with the pid of the worker its tests saw. */
async function run(own: SupervisedProject, env: Readonly<Record<string, string>> = local, args = ['-i']) {
  const { code, output } = await own.start({ args, env }).ended;
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  return { pid: linesOf(own, 'seen.log').at(-1), output };
}

function command(own: SupervisedProject, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'dist/cli.js'), ...words],
    {
      cwd: own.folder,
      env: { PATH: process.env.PATH, XDG_RUNTIME_DIR: dirname(own.sockets) },
      encoding: 'utf8',
      timeout: 60_000,
    },
  );
  return { status, stdout, stderr };
}

async function endKept(own: SupervisedProject): Promise<void> {
  for (const supervisor of own.supervisors()) signalProcess(supervisor, 'SIGTERM');
  while (own.supervisors().length > 0) await sleep(10);
  expect(linesOf(own, 'started.log').filter(isWorker)).toEqual([]);
}

function isWorker(pid: string): boolean {
  return (
    (readProcessTable() ?? []).some(entry => entry.pid === Number(pid) && entry.state !== 'Z') &&
    readEnvironment(Number(pid)).includes('\0LIVE_WORKER_ID=')
  );
}

test('the next run takes the worker over, until a file it is made of changes or its launch differs', async () =>
  withSupervisedProject(project(), async own => {
    const first = await run(own);
    expect((await run(own)).pid).toBe(first.pid);
    expect((await run(own, local, ['-w', '2'])).pid).toBe(first.pid);

    writeFileSync(join(own.folder, 'worker.js'), program);
    expect((await run(own)).pid).toBe(first.pid);

    writeFileSync(join(own.folder, 'worker.js'), `${program}\n`);
    const changed = await run(own);
    expect(changed.pid).not.toBe(first.pid);
    expect(changed.output).toContain(
      'worker "ops" is started anew: worker.js has changed since it was started',
    );

    const other = await run(own, { ...local, NAME: 'two' });
    expect(other.pid).not.toBe(changed.pid);
    expect(linesOf(own, 'started.log')).toHaveLength(3);
    await endKept(own);
  }));

test('one that died between two runs is started anew, and the line says so', async () =>
  withSupervisedProject(project(), async own => {
    const { pid } = await run(own);
    process.kill(Number(pid), 'SIGKILL');
    while (isWorker(String(pid))) await sleep(10);
    const { output } = await run(own);
    expect(output).toContain('worker "ops" is started anew: it ended after the last run, by SIGKILL');
    await endKept(own);
  }));

test('the command shows what is kept, for how long, and stops it', async () =>
  withSupervisedProject(project(), async own => {
    const { pid } = await run(own);
    const listed = command(own, 'ps');
    expect(listed.stdout).toMatch(
      /^ops {2}kept for \d+ s more, until the next run or live-worker stop; supervisor pid \d+ {2}/,
    );
    expect(listed.stdout).toContain(`pid ${pid}, `);
    expect(command(own, 'stop', 'api')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('There is no worker "api"'),
    });
    expect(command(own, 'stop')).toMatchObject({ status: 0, stdout: 'worker "ops" was stopped\n' });
    expect(isWorker(String(pid))).toBe(false);
    while (own.supervisors().length > 0) await sleep(10);
    expect(command(own, 'stop')).toMatchObject({ status: 0, stdout: 'no worker is kept\n' });
  }));

test('one that test files use is shown with them, and goes on', async () =>
  withSupervisedProject(
    {
      ...project({ keepAliveMs: 0, worker: '' }),
      'a.test.js': `test('waits', async () => {
        process.stderr.write('waiting\\n');
        while (!require('node:fs').existsSync('go-on')) await new Promise(resolve => setTimeout(resolve, 5));
      }, 60_000);`,
    },
    async own => {
      const jest = own.start({ args: ['-i'], env: local });
      await jest.untilOutput('waiting');
      expect(command(own, 'ps').stdout).toMatch(/^ops {2}used by a\.test\.js; supervisor pid \d+ {2}/);
      expect(command(own, 'stop')).toMatchObject({
        status: 1,
        stdout: 'worker "ops" goes on: a test file uses it\n',
      });
      writeFileSync(join(own.folder, 'go-on'), '');
      expect((await jest.ended).code).toBe(0);
    },
  ));

test('watch mode keeps it between its runs, and starts another one where its source has changed', async () =>
  withSupervisedProject(project({ keepAliveMs: 0 }), async own => {
    const jest = own.start({ args: ['--watchAll', '-i', '--colors=false'], env: local, terminal: true });
    const untilRuns = (count: number) =>
      jest.untilOutput(new RegExp(`(?:Ran all test suites[^]*){${count}}`));
    const again = () => jest.child.stdin?.write('\r');
    await untilRuns(1);
    again();
    await untilRuns(2);
    expect(new Set(linesOf(own, 'seen.log')).size).toBe(1);

    writeFileSync(join(own.folder, 'worker.js'), `${program}\n`);
    const output = await untilRuns(3);
    expect(output).toContain('worker "ops" is started anew: worker.js has changed since it was started');
    expect(new Set(linesOf(own, 'seen.log')).size).toBe(2);
    jest.child.stdin?.write('q');
    expect((await jest.ended).output.match(/Ran all test suites/g)).toHaveLength(3);
    while (own.supervisors().length > 0) await sleep(10);
    expect(linesOf(own, 'started.log').filter(isWorker)).toEqual([]);
  }));

test('what is written beside a run has no name that makes watch mode begin another one', async () =>
  withSupervisedProject(project(), async own => {
    await run(own);
    const watched = /\.(?:[cm]?[jt]s|[jt]sx|json|node)$/;
    const written = readdirSync(join(own.folder, '.live-worker'), { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => entry.name);
    expect(
      written.filter(name => name.includes('ops.launch') || name.includes('keeper')).length,
    ).toBeGreaterThan(1);
    expect(written.filter(name => watched.test(name))).toEqual([]);
    await endKept(own);
  }));

test('it is gone when its time is over', async () =>
  withSupervisedProject(project({ keepAliveMs: 300 }), async own => {
    const { pid } = await run(own);
    while (own.supervisors().length > 0) await sleep(10);
    expect(isWorker(String(pid))).toBe(false);
  }));

test('where CI is set nothing is kept, and the run says so once', async () =>
  withSupervisedProject(project(), async own => {
    const { output } = await run(own, { CI: 'true' });
    expect(output.match(/keepAliveMs: 60000 is ignored, because CI is set/g)).toHaveLength(1);
    expect(own.supervisors()).toEqual([]);
  }));

test('a kept supervisor that is killed takes its worker with it, and the next run starts another one', async () =>
  withSupervisedProject(project(), async own => {
    const { pid } = await run(own);
    for (const supervisor of own.supervisors()) signalProcess(supervisor, 'SIGKILL');
    while (isWorker(String(pid))) await sleep(10);
    expect((await run(own)).pid).not.toBe(pid);
    await endKept(own);
  }));

test('by default its files are those of git, less test files', async () =>
  withSupervisedProject({ ...project({ worker: '' }), '.gitignore': '*.log\nresults.json\n' }, async own => {
    const { output } = await own.start({ args: ['-i'], env: local }).ended;
    expect(output).toContain('workers.ops.watch: got none, and git lists no file from cwd');

    expect(spawnSync('git', ['init', '-q'], { cwd: own.folder }).status).toBe(0);
    const { pid } = await run(own);
    writeFileSync(join(own.folder, 'a.test.js'), `${tests}\n`);
    expect((await run(own)).pid).toBe(pid);
    writeFileSync(join(own.folder, 'helper.js'), '');
    const changed = await run(own);
    expect(changed.output).toContain('started anew: helper.js has changed');
    expect(changed.pid).not.toBe(pid);
    await endKept(own);
  }));

test('globs that match nothing are refused before anything starts', async () =>
  withSupervisedProject(project({ worker: `watch: ['src/**']` }), async own => {
    const { output } = await own.start({ args: ['-i'], env: local }).ended;
    expect(output).toContain('workers.ops.watch[0]: got "src/**", want a glob that matches files from cwd');
    rmSync(join(own.folder, 'started.log'), { force: true });
  }));
