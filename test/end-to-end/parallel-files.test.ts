import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { processesOf, untilGone, withProject } from './harness/project.ts';

jest.setTimeout(120_000);

const ownTasksOnly = `${fixtures}
test('every message of this file is taken by its own worker', async () => {
  const ids = Array.from({ length: 5 }, () => crypto.randomUUID());
  for (const id of ids) await postgres().query('insert into ' + TASK_TABLE + ' (id) values ($1)', [id]);
  for (const id of ids) await rabbitmq().publish(TASK_QUEUE, { id, provider: id });
  await eventually(() => {
    const lines = liveWorker('ops').logs.text('stderr').trim().split('\\n');
    expect(lines.sort()).toEqual(ids.map(id => 'unknown provider: ' + id).sort());
  });
});`;

const manyFiles = {
  'jest.config.js': configFile(opsWorker),
  ...Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`file-${index}.test.js`, ownTasksOnly])),
};

test('twenty files on one queue never take each other’s messages', async () =>
  withProject(manyFiles, async project => {
    const { code, output, results } = await project.run({ args: ['-w', '4'] });
    expect({ code, passed: results?.numPassedTests, output: code === 0 ? '' : output }).toEqual({
      code: 0,
      passed: 20,
      output: '',
    });
  }));

const holds = `${fixtures}
test('holds', async () => {
  process.stderr.write('HOLDING ' + process.pid + '\\n');
  await new Promise(resolve => setTimeout(resolve, 60_000));
}, 70_000);`;

const waits = `${fixtures}
test('waits', () => { process.stderr.write('HAS ITS TURN\\n'); });`;

test('a file whose Jest is SIGKILLed gives its turn up at once, and the one who waits says for whom', async () =>
  withProject(
    {
      'jest.config.js': configFile(opsWorker.replace('rabbitmq({', "rabbitmq({ strangers: 'ignore',")),
      'holds.test.js': holds,
      'waits.test.js': waits,
    },
    async project => {
      const holder = project.start({ args: ['holds'] });
      const [, jestPid] = /HOLDING (\d+)/.exec(await holder.untilOutput('HOLDING ')) ?? [];
      const waiter = project.start({ args: ['waits'] });
      const waiting = await waiter.untilOutput('waits for its turn');
      expect(waiting).toMatch(
        new RegExp(
          `waits.test.js waits for its turn on queue "${project.queue}" for \\d+ s: holds.test.js \\(pid ${jestPid}, since [-\\d]+ [:\\d]+\\) uses it\\n`,
        ),
      );
      process.kill(Number(jestPid), 'SIGKILL');
      const killedAt = performance.now();
      await waiter.untilOutput('HAS ITS TURN');
      expect(performance.now() - killedAt).toBeLessThan(5_000);
      const { code, output } = await waiter.ended;
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      await holder.ended;
      await untilGone(() => processesOf(project.id));
    },
  ));
