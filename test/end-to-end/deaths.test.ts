import { basename } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';
import type { JestRun } from './harness/start-jest.ts';

jest.setTimeout(120_000);

const sleeper = `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },`;
const whole = /Worker "ops" was killed by SIGKILL .*, and live-worker did not stop it/g;
const prelude = `${fixtures}
const end = () => { process.kill(liveWorker('ops').pid, 'SIGKILL'); };
const forever = () => new Promise(() => {});
`;

type FileResult = NonNullable<JestRun['results']>['testResults'][number];

/** Runs a file for each body, and hands over what became of it. */
async function deathsIn(
  bodies: Readonly<Record<string, string>>,
  look: (files: Readonly<Record<string, FileResult>>, run: JestRun) => void,
  worker = sleeper,
): Promise<void> {
  const files = Object.entries(bodies).map(([name, body]) => [`${name}.test.js`, `${prelude}${body}`]);
  const project: ProjectFiles = { 'jest.config.js': configFile(worker), ...Object.fromEntries(files) };
  await withProject(project, async ({ run }) => {
    const outcome = await run({ args: ['-i'] });
    expect(outcome.code).toBe(1);
    if (!outcome.results) throw new Error(outcome.output);
    const results = (outcome.results?.testResults ?? []).map(result => [
      basename(result.name, '.test.js'),
      result,
    ]);
    look(Object.fromEntries(results) as Record<string, FileResult>, outcome);
  });
}

/** The headlines of a test's errors. */
function headsOf({ assertionResults }: FileResult, index: number): readonly string[] {
  return (assertionResults[index]?.failureMessages ?? []).map(message => message.split('\n', 1)[0] ?? '');
}

const formsOfTests = {
  async: `test('kills it', async () => { end(); await forever(); }, 70_000);`,
  promise: `test('kills it', () => { end(); return forever(); }, 70_000);`,
  callback: `test('kills it', done => { end(); setTimeout(done, 60_000).unref(); }, 70_000);`,
  generator: `test('kills it', function* () { end(); yield forever(); }, 70_000);`,
  generatorOfMany: `test('kills it', function* () { end(); yield [forever(), forever()]; }, 70_000);`,
  each: `test.each([['it']])('kills %s', async () => { end(); await forever(); }, 70_000);`,
  concurrent: `test.concurrent('kills it', async () => { end(); await forever(); }, 70_000);`,
  failing: `test.failing('kills it', async () => { end(); await forever(); }, 70_000);`,
  failingCallback: `test.failing('kills it', done => { end(); }, 70_000);`,
  modernTimers: `jest.useFakeTimers();
    test('kills it', async () => { end(); await forever(); }, 70_000);`,
  legacyTimers: `jest.useFakeTimers({ legacyFakeTimers: true });
    test('kills it', async () => { end(); await forever(); }, 70_000);`,
  catching: `test('kills it', async () => {
      end(); await liveWorker('ops').logs.waitFor('never').catch(() => {}); await forever(); }, 70_000);`,
  beforeEach: `beforeEach(async () => { end(); await forever(); }, 70_000);
    test('kills it', () => {});`,
  afterEach: `let isFirst = true;
    afterEach(async () => { if (isFirst) { isFirst = false; end(); await forever(); } }, 70_000);
    test('kills it', () => {});`,
  retried: `jest.retryTimes(1);
    test('kills it', async () => { end(); await forever(); }, 70_000);`,
};

test('D17: the death of a worker fails the running test at once, whatever its form, and later ones say so in a line', async () => {
  const bodies = Object.entries(formsOfTests).map(([name, body]) => [
    name,
    `${body}\ntest('later', () => {});\ntest.failing('later, failing', () => { throw new Error('as it should'); });`,
  ]);
  await deathsIn(Object.fromEntries(bodies) as Record<string, string>, files => {
    const dead =
      'LiveWorkerError [WORKER_EXITED]: Worker "ops" is dead since the test "kills it": it was killed by SIGKILL, see there';
    const outcomes = Object.entries(files).map(([name, file]) => [
      name,
      {
        killed: headsOf(file, 0),
        isSoon: (file.assertionResults[0]?.duration ?? Number.NaN) < 20_000,
        timesTold: file.message.match(whole)?.length,
        timesWithLogs: file.message.match(/ops\.stderr\.log/g)?.length,
        later: headsOf(file, 1),
        laterFailing: headsOf(file, 2),
      },
    ]);
    const expected = {
      killed: [
        'LiveWorkerError [WORKER_EXITED]: Worker "ops" was killed by SIGKILL during the test "kills it", and live-worker did not stop it',
      ],
      isSoon: true,
      timesTold: 1,
      timesWithLogs: 1,
      later: [dead],
      laterFailing: [dead],
    };
    expect(Object.fromEntries(outcomes)).toEqual(
      Object.fromEntries(Object.keys(formsOfTests).map(name => [name, expected])),
    );
  });
});

test('D17: a death in a hook of all tests, between tests, and in tests that run together is told once', async () =>
  deathsIn(
    {
      beforeAll: `beforeAll(async () => { end(); await forever(); }, 70_000);
        test('one', () => {});
        test('two', () => {});`,
      afterAll: `describe('block', () => {
          test('one', () => {});
          afterAll(async () => { end(); await forever(); }, 70_000);
        });
        test('two', () => {});`,
      together: `
        let isFirst = true;
        const work = async () => { if (isFirst) { isFirst = false; setImmediate(end); } await forever(); };
        test.concurrent('one', work, 70_000);
        test.concurrent('two', work, 70_000);`,
      atTheEnd: `
        test('one', () => { end(); });
        test('two', async () => { await forever(); }, 70_000);`,
      skipped: `
        test('one', () => {});
        test.skip('two', () => {});
        test('three', async () => { end(); await forever(); }, 70_000);`,
    },
    ({ beforeAll, afterAll, together, atTheEnd, skipped }) => {
      for (const file of [beforeAll, afterAll, together, atTheEnd, skipped])
        expect(file?.message.match(whole)).toHaveLength(1);
      const dead = (since: string) => [
        `LiveWorkerError [WORKER_EXITED]: Worker "ops" is dead since ${since}: it was killed by SIGKILL, see there`,
      ];
      expect(beforeAll?.message).toContain('was killed by SIGKILL during a beforeAll hook, and');
      expect(beforeAll && headsOf(beforeAll, 1)).toEqual(dead('a beforeAll hook'));
      expect(afterAll?.message).toContain('was killed by SIGKILL during an afterAll hook, and');
      expect(afterAll && headsOf(afterAll, 1)).toEqual(dead('an afterAll hook'));
      expect(together?.message).toContain('was killed by SIGKILL during the test "one", "two", and');
      expect(together && headsOf(together, 1)).toEqual(dead('the test "one", "two"'));
      expect(atTheEnd?.message).toMatch(/was killed by SIGKILL during .*the test "(one|two)"/);
      expect(skipped?.message).toMatch(/was killed by SIGKILL during the test "three".*, and/);
      expect(skipped?.message).not.toContain('"two"');
    },
  ));

test('a callback that timed out long ago does not hear of the death', async () =>
  deathsIn(
    {
      late: `
        test('times out', done => {}, 50);
        test('kills it', async () => { end(); await forever(); }, 70_000);`,
    },
    ({ late }) => {
      expect(late && headsOf(late, 0)).toEqual([expect.stringContaining('Exceeded timeout of 50 ms')]);
      expect(late && headsOf(late, 1)).toEqual([expect.stringMatching(/"ops" was killed by SIGKILL during/)]);
      expect(late?.message).not.toContain('torn down');
    },
  ));

test('the waits of a test end with the worker, and say where the test waited', async () =>
  deathsIn(
    {
      waitFor: `test('waits', async () => {
          end();
          await liveWorker('ops').logs.waitFor('never', { timeoutMs: 60_000 });
        }, 70_000);`,
      eventually: `test('waits', async () => {
          end();
          await eventually(() => { throw new Error('not yet'); }, { timeoutMs: 60_000 });
        }, 70_000);`,
      waitForRow: `test('waits', async () => {
          end();
          await postgres({ url: process.env.DATABASE_URL }).waitForRow('SELECT 1 WHERE false', [], { timeoutMs: 60_000 });
        }, 70_000);`,
      clearingUp: `
        test('waits', async () => { end(); await forever(); }, 70_000);
        afterAll(async () => {
          await eventually(async () => { await new Promise(resolve => setTimeout(resolve, 20)); console.log('cleared up'); });
          const late = await caught(liveWorker('ops').logs.waitFor('never', { timeoutMs: 60_000 }));
          console.log('then: ' + late.message.split('\\n')[0]);
        }, 70_000);`,
    },
    ({ waitFor, eventually, waitForRow, clearingUp }, { output }) => {
      for (const file of [waitFor, eventually, waitForRow])
        expect(file?.message.match(whole)).toHaveLength(1);
      expect(waitFor?.message).toContain("> 10 |           await liveWorker('ops').logs.waitFor");
      expect(eventually?.message).toContain('> 10 |           await eventually');
      expect(clearingUp?.message.match(whole)).toHaveLength(1);
      expect(output).toContain('cleared up');
      expect(output).toContain('then: Worker "ops" is dead since the test "waits": it was killed by SIGKILL');
    },
  ));
