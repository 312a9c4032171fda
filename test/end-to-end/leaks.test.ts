import { basename } from 'node:path';
import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(300_000);

const forms = {
  eventually: `let tries = 0; await eventually(() => { tries += 1; expect(tries).toBe(3); });`,
  atOnce: `await eventually(() => 'value');`,
  failing: `await caught(eventually(() => { throw new Error('no'); }, { timeoutMs: 50 }));`,
  stuck: `await caught(eventually(() => new Promise(() => {}), { timeoutMs: 50 }));`,
  logged: `await Promise.all([liveWorker('ops').logs.waitFor('consuming'), liveWorker('ops').restart()]);`,
  unlogged: `await caught(liveWorker('ops').logs.waitFor('never', { timeoutMs: 50 }));`,
  row: `await postgres().waitForRow('select 1');`,
  noRow: `await caught(postgres().waitForRow('select 1 where false', [], { timeoutMs: 50 }));`,
  query: `await Promise.all([postgres().query('select 1'), caught(postgres().query('select bad'))]);`,
  broker: `await rabbitmq().publish(TASK_QUEUE, { id: 'x' }); await rabbitmq().depth(TASK_QUEUE); await rabbitmq().purge(TASK_QUEUE);`,
  restart: `await liveWorker('ops').restart(); await liveWorker('ops').stop(); await liveWorker('ops').start();`,
  kill: `await liveWorker('ops').kill();`,
  stacks: `await liveWorker('ops').stacks();`,
  leftBehind: `void caught(eventually(() => { throw new Error('no'); }));`,
};

test('nothing of a test file is kept once it is over, however long its waits might have taken', async () => {
  const files = Object.entries(forms).map(([name, body]) => [
    `${name}.test.js`,
    `${fixtures}\ntest('waits', async () => { ${body} });`,
  ]);
  const leaky = `test('leaks', () => { setTimeout(() => {}, 60_000).unref(); });`;
  await withProject(
    {
      'jest.config.js': configFile(opsWorker, { jest: 'testTimeout: 300_000,' }),
      ...(Object.fromEntries(files) as Record<string, string>),
      'leaky.test.js': leaky,
    },
    async ({ run }) => {
      const { results, output } = await run({ args: ['-i', '--detectLeaks'] });
      if (!results) throw new Error(output);
      const failed = results.testResults.filter(({ message }) => message !== '');
      const [leaky, others] = [true, false].map(isLeaky =>
        failed.filter(({ name }) => (basename(name) === 'leaky.test.js') === isLeaky),
      );
      expect(others).toEqual([]);
      expect(leaky?.map(({ message }) => message)).toEqual([expect.stringContaining('leaking memory')]);
    },
  );
});
