import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { configFile, fixtures } from './harness/config-file.ts';
import { repository } from './harness/folders.ts';
import { type Project, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const worker = `
ops: {
  command: ['node', W + '/amqplib-worker.mjs'],
  env: { TASK_QUEUE, TASK_TABLE },
  ready: [rabbitmq({ queues: [TASK_QUEUE] }), postgres({ table: TASK_TABLE })],
  scope: 'run',
  watch: ['*.js'],
},`;
const reporters = `reporters: ['default', 'jest-environment-live-worker/reporter'],`;
const files = {
  'jest.config.js': configFile(worker, { jest: reporters, session: 'keepAliveMs: 100_000,' }),
  'a.test.js': `${fixtures}
    test('it consumes', async () => {
      process.stderr.write('PID ' + liveWorker('ops').pid + ' END\\n');
      expect(await rabbitmq().depth(TASK_QUEUE)).toMatchObject({ consumers: 1 });
    });`,
};

function command({ folder, environment }: Project, ...words: readonly string[]) {
  const env = { PATH: process.env.PATH, ...environment };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'dist/cli.js'), ...words],
    { cwd: folder, env, encoding: 'utf8', timeout: 60_000 },
  );
  return { status, stdout, stderr };
}

async function runOnce(project: Project): Promise<string | undefined> {
  const { code, output } = await project.run({ args: ['-i'], env: { CI: '' } });
  expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
  return /PID (\d+) END/.exec(output)?.[1];
}

test('a kept worker gives its queue to another process that waits for it, at once', async () =>
  withProject(files, async project => {
    const pid = await runOnce(project);
    expect(await runOnce(project)).toBe(pid);
    const keeper = identifyProcess(Number(/supervisor pid (\d+)/.exec(command(project, 'ps').stdout)?.[1]));
    const { status, stdout, stderr } = command(project, 'run', 'ops', '--ready-only', '--json');
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ ready: true });
    // The one that kept it has nothing to keep any more.
    while (isAlive(keeper)) await sleep(10);
    expect(await runOnce(project)).not.toBe(pid);
    expect(command(project, 'stop')).toMatchObject({ status: 0, stdout: 'worker "ops" was stopped\n' });
  }));
