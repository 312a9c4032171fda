import { spawnSync } from 'node:child_process';
import { configFile, opsWorker } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';
import { type StartedCommand, startCommand } from './harness/start-command.ts';

jest.setTimeout(90_000);

const files = {
  'jest.config.js': configFile(opsWorker.replace('rabbitmq({', "rabbitmq({ strangers: 'ignore',")),
  'a.test.js': `test('has its turn', () => {});`,
};
const attach = { LIVE_WORKER_ATTACH: 'ops' };
const passed = { code: 0, output: expect.stringContaining('PASS ./a.test.js') };

async function stop({ child, ended }: StartedCommand): Promise<void> {
  child.kill('SIGINT');
  await ended;
}

test('who waits for a forgotten live-worker run is told of it at once, with both ways out', async () =>
  withProject(files, async project => {
    const held = startCommand(project, ['run', 'ops']);
    await held.untilOutput(/ops is ready after/);
    const waiter = project.start();
    const line = new RegExp(
      `^live-worker: a.test.js waits for its turn on queue "${project.queue}" for 0 s: live-worker run ops \\(pid ${held.child.pid}, since [-\\d]+ [:\\d]+\\) uses it until it is stopped: with Ctrl-C, or kill ${held.child.pid}. Or test against its worker: LIVE_WORKER_ATTACH=ops npx jest$`,
      'm',
    );
    await waiter.untilOutput(line);
    const { code, output } = await project.run({ env: attach });
    expect({ code, output }).toEqual(passed);
    await stop(held);
    expect(await waiter.ended).toMatchObject(passed);
  }));

test('a live-worker run of another folder is named too, and can be attached to', async () =>
  withProject(files, async one =>
    withProject(files, async other => {
      const held = startCommand(one, ['run', 'ops']);
      await held.untilOutput(/ops is ready after/);
      const env = { TASK_QUEUE: one.queue };
      const waiter = other.start({ env });
      const output = await waiter.untilOutput(/ for \d+ s: live-worker run .*\n/);
      expect(output).toContain(`: live-worker run ops of ${one.folder} (pid ${held.child.pid}, since `);
      expect(output).toContain('Or test against its worker: LIVE_WORKER_ATTACH=ops npx jest\n');
      const attached = await other.run({ env: { ...env, ...attach } });
      expect({ code: attached.code, output: attached.output }).toEqual(passed);
      await stop(held);
      expect(await waiter.ended).toMatchObject(passed);
    }),
  ));

const elsewhere = [
  'unshare',
  '-ru',
  'sh',
  '-c',
  'echo elsewhere > /proc/sys/kernel/hostname; exec "$@"',
  'sh',
];
const hasNamespaces = spawnSync('unshare', ['-ru', 'true']).status === 0;

(hasNamespaces ? test : test.skip)('so is a file of another machine, which ends by itself', async () =>
  withProject(
    {
      ...files,
      'a.test.js': `test('holds', async () => {
      process.stderr.write('HOLDING\\n');
      await new Promise(resolve => setTimeout(resolve, 40_000));
    }, 60_000);`,
    },
    async one =>
      withProject(files, async other => {
        const holder = one.start({ through: elsewhere });
        await holder.untilOutput('HOLDING');
        const waiter = other.start({ env: { TASK_QUEUE: one.queue } });
        const output = await waiter.untilOutput(/ for \d+ s: a.test.js of .*\n/);
        expect(output).toMatch(
          new RegExp(
            `: a.test.js of ${one.folder} on elsewhere \\(pid \\d+, since [-\\d]+ [:\\d]+\\) uses it\\n`,
          ),
        );
        holder.child.kill('SIGKILL');
        await holder.ended;
        expect(await waiter.ended).toMatchObject(passed);
      }),
  ),
);
