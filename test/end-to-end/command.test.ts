import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configFile, opsWorker } from './harness/config-file.ts';
import {
  type Project,
  type ProjectFiles,
  processesOf,
  untilGone,
  watchdogsOf,
  withProject,
} from './harness/project.ts';
import { runShell } from './harness/run-shell.ts';
import { askCommand, runCommand, startCommand } from './harness/start-command.ts';

jest.setTimeout(60_000);

const sleeper = `command: ['node', W + '/ready-then-sleep.mjs']`;
const holds = `test('holds', async () => {
  process.stderr.write('HOLDING\\n');
  await new Promise(resolve => setTimeout(resolve, 30_000));
}, 40_000);`;

function withWorkers(workers: string, work: (project: Project) => Promise<void>, files: ProjectFiles = {}) {
  return withProject({ 'jest.config.js': configFile(workers), 'a.test.js': holds, ...files }, work);
}

test('explain prints the launch with the origin of every variable, and changes nothing', async () =>
  withWorkers(
    `ops: { ${sleeper}, envFile: 'ops.env', env: { FROM_SPEC: 'spec' }, ready: [log({ pattern: 'ready' })] },`,
    async project => {
      const { code, stdout } = await runCommand(project, ['explain', 'ops']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^worker +ops, of project /);
      expect(stdout).toMatch(/^command +\S*node \S*ready-then-sleep\.mjs$/m);
      expect(stdout).toContain('FROM_FILE=file  set in ops.env:1');
      expect(stdout).toContain('API_TOKEN=***  set in ops.env:2');
      expect(stdout).toContain(
        'URL=http://file:80  set in ops.env:3, ${FROM_FILE} and the default of ${NO_PORT} filled in',
      );
      expect(stdout).not.toContain('hunter2');
      const { document } = await askCommand(project, ['explain', 'ops']);
      expect(document).toMatchObject({
        worker: 'ops',
        cwd: project.folder,
        executable: { asked: 'node' },
        env: { FROM_SPEC: { value: 'spec' }, FROM_FILE: { value: 'file', origin: 'set in ops.env:1' } },
      });
      expect(existsSync(join(project.folder, '.live-worker'))).toBe(false);
    },
    { 'ops.env': 'FROM_FILE=file\nAPI_TOKEN=hunter2\nURL=http://${FROM_FILE}:${NO_PORT:-80}\n' },
  ));

test('the configuration is found as Jest finds it, and every mistake has its exit code', async () => {
  const worker = { command: ['node', 'worker.js'], ready: [] };
  const options = { liveWorker: { workers: { ops: worker } } };
  const config = { testEnvironment: 'live-worker', testEnvironmentOptions: options };
  const text = JSON.stringify(config);
  await withProject(
    {
      'package.json': JSON.stringify({ name: 'configured', jest: config }),
      'other.config.mjs': `export default ${text};`,
      'other.config.cjs': `module.exports = ${text};`,
      'other.config.json': text,
      'other.config.ts': `/** @jest-config-loader esbuild-register */\nconst config: object = ${text};\nexport default config;`,
      'two.config.js': `module.exports = { projects: [${text.replace('{', '{"displayName":"one",')}, ${text.replace('{', '{"displayName":"two",').replace('worker.js', 'other.js')}] };`,
      'worker.js': '',
    },
    async project => {
      const explained = (...words: string[]) => askCommand(project, ['explain', 'ops', ...words]);
      const configs = [
        [],
        ...['mjs', 'cjs', 'json', 'ts'].map(ending => ['--config', `other.config.${ending}`]),
      ];
      for (const words of configs)
        expect(await explained(...words)).toMatchObject({ code: 0, document: { worker: 'ops' } });
      expect(await explained('--config', 'two.config.js')).toMatchObject({
        code: 2,
        document: { error: { message: expect.stringContaining('--project') } },
      });
      expect(await explained('--config', 'two.config.js', '--project', 'two')).toMatchObject({
        code: 0,
        document: { project: 'two' },
      });
      expect(await askCommand(project, ['explain', 'opps'])).toMatchObject({
        code: 2,
        document: { error: { code: 'WORKER_UNKNOWN', message: expect.stringContaining('"ops"') } },
      });
      expect(await runCommand(project, ['explian'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('Did you mean explain?'),
      });
      expect(await askCommand(project, ['explain', 'ops', '--config', 'nowhere.json'])).toMatchObject({
        code: 2,
        document: { error: { code: 'CONFIG_UNREADABLE' } },
      });
    },
  );
});

test('without a command there is help; without a name the workers; what matters stands first', async () =>
  withWorkers(
    `ops: { ${sleeper}, env: { FROM_SPEC: 'spec', TOKEN: 'hunter2x' }, ready: [] },
     api: { shell: true, command: 'node api.js --password hunter2x', ready: [] },`,
    async project => {
      const bare = await runCommand(project, []);
      expect(bare).toMatchObject({ code: 2, stdout: '' });
      expect(bare.stderr).toMatch(/^live-worker: Cannot tell what to do: no command was given\n\nUsage: /);
      expect(bare.stderr).toMatch(/\n {2}run \[options\] \[name\] [\s\S]+\nExamples:\n/);
      expect((await runCommand(project, ['help', 'nosuch'])).stderr).toContain(
        'there is no command "nosuch"',
      );
      expect(await askCommand(project, [])).toMatchObject({
        code: 2,
        document: { error: { code: 'COMMAND_INVALID' } },
      });

      const listed = await runCommand(project, ['explain']);
      expect(listed).toMatchObject({ code: 0, stderr: '' });
      expect(listed.stdout).toMatch(
        /^2 workers in jest\.config\.js:\n {2}ops {2}node \S+\n {2}api {2}node api\.js --password \*\*\*\nName one: npx live-worker explain ops\n$/,
      );
      for (const subcommand of ['run', 'diff'])
        expect(await runCommand(project, [subcommand])).toMatchObject({
          code: 2,
          stdout: expect.stringContaining(`npx live-worker ${subcommand} ops`),
        });
      expect(await askCommand(project, ['run', '--ready-only'])).toMatchObject({
        code: 2,
        document: { workers: [{ name: 'ops' }, { name: 'api' }] },
      });

      const inherited = { env: { SOMEBODYS: 'x', NODE_OPTIONS: '--no-warnings' } };
      const short = (await runCommand(project, ['explain', 'ops'], inherited)).stdout;
      expect(short).toContain('FROM_SPEC=spec');
      expect(short).toContain('--all');
      expect(short).not.toMatch(/SOMEBODYS|NODE_OPTIONS|LIVE_WORKER_ID/);
      const all = (await runCommand(project, ['explain', 'ops', '--all'], inherited)).stdout;
      expect(all).toContain('SOMEBODYS=x  inherited from the environment of Jest');
      expect(all).toContain('NODE_OPTIONS=--no-warnings  withheld: set by Jest or npm');
      expect(all.indexOf('FROM_SPEC')).toBeLessThan(all.indexOf('SOMEBODYS'));
      expect(short + all + listed.stdout).not.toContain('hunter2x');
    },
  ));

test('the configuration that was read is named when it has no workers, or not the one asked for', async () =>
  withWorkers(
    `ops: { ${sleeper}, ready: [] },`,
    async project => {
      expect((await runCommand(project, ['run', 'opps'])).stderr).toContain('\nRead was jest.config.js\n');
      const below = { cwd: join(project.folder, 'below') };
      expect((await runCommand(project, ['ps'], below)).stderr).toContain(
        '\nRead was package.json, which has no "jest" in it; there is no jest.config.js beside it\n',
      );
      expect(await askCommand(project, ['explain'], { cwd: '/' })).toMatchObject({
        code: 2,
        document: {
          error: {
            code: 'CONFIG_UNREADABLE',
            message: expect.stringMatching(
              /there is no jest\.config\.js .* in "\/" or above it\nGo to the folder/,
            ),
          },
        },
      });
    },
    { 'below/package.json': '{}' },
  ));

test('run holds a worker until Ctrl-C; ps names it, a second run is refused', async () =>
  withWorkers(opsWorker, async project => {
    const held = startCommand(project, ['run', 'ops']);
    const output = await held.untilOutput(/ops is ready after \d+ ms/);
    const pid = Number(/, pid (\d+)/.exec(output)?.[1]);
    expect(await askCommand(project, ['ps'])).toMatchObject({
      code: 0,
      document: {
        launches: [{ worker: 'ops', isHeld: true, owner: { isAlive: true }, processes: [{ pid }] }],
      },
    });
    expect(await askCommand(project, ['run', 'ops'])).toMatchObject({
      code: 4,
      document: { error: { code: 'WORKER_HELD' } },
    });
    expect(await runCommand(project, ['reap'])).toMatchObject({ code: 0, stdout: 'nothing to end\n' });
    held.child.kill('SIGINT');
    expect((await held.ended).code).toBe(130);
    expect(processesOf(project.id)).toEqual([]);
    expect(await runCommand(project, ['ps'])).toMatchObject({ code: 0, stdout: 'nothing is alive\n' });
  }));

test('run --ready-only is a smoke check: 0 for a worker that gets ready, 1 with the cause for one that does not', async () =>
  withWorkers(
    `${opsWorker} bad: { command: ['node', W + '/exit-with-code.mjs'], ready: [log({ pattern: 'never' })] },`,
    async project => {
      const good = await runCommand(project, ['run', 'ops', '--ready-only']);
      expect(good).toMatchObject({ code: 0 });
      expect(good.stdout + good.stderr).toContain('ops is ready after');
      expect(processesOf(project.id)).toEqual([]);
      expect(await runCommand(project, ['run', 'bad', '--ready-only'])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/"bad": it exited with code 1 before it was ready/),
      });
    },
  ));

test('LIVE_WORKER_ATTACH tests against the worker that run holds, and leaves it alone', async () =>
  withProject(
    {
      'jest.config.js': configFile(opsWorker),
      'a.test.js': `
      const { liveWorker, rabbitmq, postgres } = require('jest-environment-live-worker/fixtures');
      const { TASK_QUEUE, TASK_TABLE, EXPECTED_PID } = process.env;
      test('works', async () => {
        expect(String(liveWorker('ops').pid)).toBe(EXPECTED_PID);
        await postgres().query("insert into " + TASK_TABLE + " (id, status) values (1, 'PENDING')");
        await rabbitmq().publish(TASK_QUEUE, { id: 1, provider: 'known' });
        await postgres().waitForRow("select 1 from " + TASK_TABLE + " where id = '1' and status = 'COMPLETED'");
        expect(liveWorker('ops').logs.text()).toContain('consuming from ' + TASK_QUEUE);
        await expect(liveWorker('ops').stop()).rejects.toThrow('attached');
      });`,
      'dies.test.js': `
      const { liveWorker } = require('jest-environment-live-worker/fixtures');
      test('dies', async () => { process.kill(liveWorker('ops').pid, 'SIGKILL'); await new Promise(() => {}); }, 20_000);`,
    },
    async project => {
      const attach = { LIVE_WORKER_ATTACH: 'ops' };
      const alone = await project.run({ args: ['a.test.js'], env: attach });
      expect({ code: alone.code, output: alone.output }).toEqual({
        code: 1,
        output: expect.stringMatching(/ATTACH_FAILED[\s\S]*npx live-worker run ops/),
      });
      const held = startCommand(project, ['run', 'ops']);
      const pid = /, pid (\d+)/.exec(await held.untilOutput(/ops is ready after .*pid \d+/))?.[1] ?? '';
      const attached = await project.run({ args: ['a.test.js'], env: { ...attach, EXPECTED_PID: pid } });
      expect({ code: attached.code, output: attached.code === 0 ? '' : attached.output }).toEqual({
        code: 0,
        output: '',
      });
      const dies = await project.run({ args: ['dies.test.js'], env: attach });
      expect({ code: dies.code, output: dies.output }).toEqual({
        code: 1,
        output: expect.stringMatching(/WORKER_EXITED[\s\S]*was killed by SIGKILL during the test "dies"/),
      });
      expect((await held.ended).code).toBe(1);
    },
  ));

test('D19 replay prints a line that repeats the launch in another shell, or runs it with its exit code', async () =>
  withWorkers(
    `ops: { command: ['node', W + '/exit-with-code.mjs'], cwd: 'sub dir', inherit: ['PATH'], env: { A: "it's", API_TOKEN: 'hunter2' }, ready: [log({ pattern: 'never' })] },`,
    async project => {
      await project.run();
      const { code, stdout, stderr } = await runCommand(project, ['replay']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('takes API_TOKEN from') });
      expect(stdout).not.toContain('hunter2');
      const bare = { PATH: '/usr/bin:/bin' };
      expect(await runShell(stdout, bare)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('API_TOKEN'),
      });
      expect(await runShell(stdout, { ...bare, API_TOKEN: 'x' })).toMatchObject({ code: 1 });
      const { stdout: whole } = await runCommand(project, ['replay', 'ops', '--secrets']);
      expect(whole).toContain('hunter2');
      expect(await runShell(whole, bare)).toMatchObject({ code: 1 });
      const launchFile = '.live-worker/latest/a.test.js/ops.launch.ndjson';
      expect(await runCommand(project, ['replay', launchFile, '--run'])).toMatchObject({ code: 1 });
      expect(readFileSync(join(project.folder, launchFile), 'utf8')).not.toContain('hunter2');
    },
    { 'sub dir/file': '' },
  ));

test('replay prints control characters as a shell needs them, explain as a terminal bears them', async () =>
  withWorkers(`ops: { ${sleeper}, env: { PROMPT: '\\x1b]0;x\\x07\\u202e' }, ready: [] },`, async project => {
    expect(await runCommand(project, ['run', 'ops', '--ready-only'])).toMatchObject({ code: 0 });
    const { stdout } = await runCommand(project, ['replay', 'ops']);
    expect(stdout).toContain("'PROMPT=\x1b]0;x\x07\u202e'");
    const { stdout: explained } = await runCommand(project, ['explain', 'ops']);
    expect(explained).toContain('PROMPT=\\x1b]0;x\\x07\\u202e');
    const { stdout: json } = await runCommand(project, ['explain', 'ops', '--json']);
    expect(json).not.toMatch(/[\x1b\u202e]/);
    expect(JSON.parse(json)).toMatchObject({ env: { PROMPT: { value: '\x1b]0;x\x07\u202e' } } });
  }));

test('D19 diff holds a launch against the shell, likely culprits first', async () =>
  withWorkers(
    `ops: { ${sleeper}, cwd: 'sub', env: { PYTHONPATH: 'src' }, ready: [] },`,
    async project => {
      const env = { PYTHONPATH: 'lib', SOME_COLOUR: 'red', NODE_ENV: 'production' };
      const { code, stdout } = await runCommand(project, ['diff', 'ops'], { env });
      expect(code).toBe(0);
      expect(stdout).toContain(`worker: ${join(project.folder, 'sub')}`);
      const [culprits = '', others = ''] = stdout.split('likely culprits')[1]?.split('other variables') ?? [];
      expect(culprits).toMatch(/PYTHONPATH[\s\S]*worker: src[\s\S]*shell: +lib/);
      expect(others).toContain('LIVE_WORKER_ID');
      expect(stdout).not.toContain('SOME_COLOUR');
    },
    { 'sub/file': '' },
  ));

test('ps shows what outlived Jest and its watchdog, reap ends it and nothing else', async () =>
  withWorkers(`ops: { ${sleeper}, ready: [log({ pattern: 'ready' })] },`, async project => {
    const started = project.start({ args: ['-i'] });
    await started.untilOutput('HOLDING');
    expect(await runCommand(project, ['reap'])).toMatchObject({ code: 0, stdout: 'nothing to end\n' });
    // Stopped first: whoever of the two dies first would be seen by the other.
    const watchdogs = watchdogsOf(project).map(line => Number.parseInt(line, 10));
    expect(watchdogs).toHaveLength(1);
    process.kill(started.child.pid as number, 'SIGSTOP');
    for (const pid of watchdogs) process.kill(pid, 'SIGKILL');
    process.kill(started.child.pid as number, 'SIGKILL');
    await started.ended;
    await untilGone(() => watchdogsOf(project));
    const worker = () => processesOf(project.id).filter(line => line.includes('ready-then-sleep'));
    expect(worker()).toHaveLength(1);
    const { stdout } = await runCommand(project, ['ps']);
    expect(stdout).toMatch(/^ops +its owner, pid \d+, is gone: live-worker reap ends it/);
    expect(await askCommand(project, ['reap'])).toMatchObject({
      code: 0,
      document: { ended: [{ worker: 'ops' }], survivors: [] },
    });
    await untilGone(worker);
    expect(await runCommand(project, ['ps'])).toMatchObject({ code: 0, stdout: 'nothing is alive\n' });
  }));
