import { basename } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { type ProjectFiles, withProject } from './harness/project.ts';
import type { JestRun } from './harness/start-jest.ts';

jest.setTimeout(120_000);

const sleeper = `ops: { command: ['node', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },`;
/** Ends the worker and lets nobody hear of it before the hook or test that called it is over. */
const prelude = `${fixtures}
const endUnheard = () => {
  const { pid } = liveWorker('ops');
  process.kill(pid, 'SIGKILL');
  const until = Date.now() + 5_000;
  while (Date.now() < until && !/\\) [ZX] /.test(require('fs').readFileSync('/proc/' + pid + '/stat', 'latin1')));
};
`;
const dead = 'LiveWorkerError [WORKER_EXITED]: Worker "ops" was killed by SIGKILL';

interface Outcome {
  readonly tests: readonly string[];
  readonly told: number;
}

/** How each test of each file ended, and how often the file's text tells of the worker's end. */
function outcomesOf({ results, output }: JestRun): Readonly<Record<string, Outcome>> {
  if (!results) throw new Error(output);
  const files = results.testResults.map(({ name, message, assertionResults }) => [
    basename(name, '.test.js'),
    {
      tests: assertionResults.map(({ fullName, status }) => `${fullName}: ${status}`),
      told: message.split('and live-worker did not stop it').length - 1,
    },
  ]);
  return Object.fromEntries(files) as Record<string, Outcome>;
}

async function runFiles(
  bodies: Readonly<Record<string, string>>,
  args: readonly string[],
  look: (run: JestRun) => void,
  session = '',
): Promise<void> {
  const files = Object.entries(bodies).map(([name, body]) => [`${name}.test.js`, `${prelude}${body}`]);
  const project: ProjectFiles = {
    'jest.config.js': configFile(sleeper, { session }),
    ...(Object.fromEntries(files) as Record<string, string>),
  };
  await withProject(project, async ({ run }) => look(await run({ args })));
}

const bodies = {
  failing: `
    test('fails', () => { expect(1).toBe(2); });
    test('passes', () => {});
    afterAll(endUnheard);`,
  asynchronous: `
    test('passes', () => {});
    afterAll(async () => { endUnheard(); await new Promise(() => {}); }, 30_000);`,
  inABlock: `
    describe('block', () => { test('passes', () => {}); afterAll(endUnheard); });`,
  concurrent: `
    test.concurrent('passes', async () => {});
    test.concurrent('fails', async () => { expect(1).toBe(2); });
    afterAll(endUnheard);`,
  withTodo: `
    test.todo('later');
    test.skip('skipped', () => {});
    test('passes', () => {});
    afterAll(endUnheard);`,
};

test.each([[['-i']], [['-w', '2']]])(
  'a worker that dies after the last test is told beside the results of all tests, with %j',
  async args =>
    runFiles(bodies, args, run => {
      expect(outcomesOf(run)).toEqual({
        failing: { tests: ['fails: failed', 'passes: passed'], told: 1 },
        asynchronous: { tests: ['passes: passed'], told: 1 },
        inABlock: { tests: ['block passes: passed'], told: 1 },
        concurrent: { tests: ['passes: passed', 'fails: failed'], told: 1 },
        withTodo: { tests: ['later: todo', 'skipped: pending', 'passes: passed'], told: 1 },
      });
      expect(run.results).toMatchObject({
        numTotalTests: 9,
        numPassedTests: 5,
        numFailedTests: 2,
        numRuntimeErrorTestSuites: 5,
      });
      expect(run.code).toBe(1);
      expect(run.output.split(dead)).toHaveLength(6);
    }),
);

test('a failure shows no frame of the race with the worker’s end, and none of a file that is not there', async () =>
  runFiles(
    {
      forms: `
        test('synchronous', () => { expect(1).toBe(2); });
        test('asynchronous', async () => { expect(1).toBe(2); });
        test('callback', done => { expect(1).toBe(2); });
        test('generator', function* () { expect(1).toBe(2); });
        test('caused', () => { throw new Error('outer', { cause: new Error('inner') }); });
        test('many', () => { throw new AggregateError([new Error('inner')], 'outer'); });
        describe('hook', () => { beforeEach(() => { expect(1).toBe(2); }); test('each', () => {}); });
        describe('hook of all', () => { beforeAll(() => { expect(1).toBe(2); }); test('all', () => {}); });
        describe('last hook', () => { test('last', () => {}); afterAll(() => { expect(1).toBe(2); }); });`,
      dies: `test('dies', async () => { endUnheard(); });`,
    },
    ['-i'],
    run => {
      const frames = run.output.split('\n').filter(line => /^\s+at /.test(line));
      expect(frames.length).toBeGreaterThanOrEqual(9);
      // Jest runs generators through co, whose frames it shows without this package too.
      const others = frames.filter(
        line => !/\((dies|forms)\.test\.js:\d+:\d+\)|node_modules\/co\//.test(line),
      );
      expect(others).toEqual([]);
      const texts = run.results?.testResults.flatMap(({ assertionResults }) =>
        assertionResults.flatMap(({ failureMessages }) => failureMessages),
      );
      expect(texts?.join('\n')).not.toMatch(/race-death|at live-worker/);
      expect(run.output).toContain(dead);
    },
  ));

test('a file that runs no test tells of a dead worker too, and its skipped tests stay skipped', async () =>
  runFiles(
    { skipped: `endUnheard(); test.skip('skipped', () => {});`, none: `endUnheard();` },
    ['-i'],
    run => {
      const { skipped } = outcomesOf(run);
      expect(skipped).toEqual({ tests: ['skipped: pending'], told: 1 });
      expect(run.code).toBe(1);
      expect(run.output).toMatch(/live-worker: skipped\.test\.js: LiveWorkerError \[WORKER_EXITED\]: Worker/);
      expect(run.output).toMatch(/live-worker: none\.test\.js: LiveWorkerError \[WORKER_EXITED\]: Worker/);
      expect(run.output).toContain('must contain at least one test');
    },
    "gate: 'setup',",
  ));

test('what is wrong with a test file is not hidden by the end of its worker', async () =>
  runFiles(
    { broken: `endUnheard(); throw new Error('the file itself');` },
    ['-i'],
    run => {
      expect(run.code).toBe(1);
      expect(run.output).toContain('the file itself');
      expect(run.output).toMatch(/live-worker: broken\.test\.js: LiveWorkerError \[WORKER_EXITED\]: Worker/);
    },
    "gate: 'setup',",
  ));

test('a test that is tried again after the worker’s end still shows what it had failed with', async () =>
  runFiles(
    {
      retried: `
        jest.retryTimes(1);
        test('fails', () => { expect('given').toBe('wanted'); });
        test('ends it', () => { endUnheard(); });`,
    },
    ['-i'],
    ({ results, output }) => {
      if (!results) throw new Error(output);
      const [fails, ends] = results.testResults.flatMap(({ assertionResults }) =>
        assertionResults.map(({ failureMessages }) => failureMessages.join('\n')),
      );
      expect(fails).toContain('Worker "ops" is dead since the test "ends it"');
      expect(fails).toMatch(/Expected: "wanted"\nReceived: "given"/);
      expect(ends).toContain(dead);
    },
  ));
