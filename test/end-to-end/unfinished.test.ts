import { basename } from 'node:path';
import { configFile, fixtures } from './harness/config-file.ts';
import { withProject } from './harness/project.ts';
import type { JestRun } from './harness/start-jest.ts';

jest.setTimeout(120_000);

/** Takes 5 s to be ready where it finds a file "slow", which it removes. */
const sleeper = `ops: {
  command: ['sh', '-c', 'if rm slow 2>/dev/null; then sleep 5; fi; exec node "$0"', W + '/ready-then-sleep.mjs'],
  ready: [log({ pattern: 'ready' })],
},`;
/** `leave` begins what nobody waits for, and says how it ends; `goOn` does so again and again. */
const prelude = `${fixtures}
const ops = liveWorker('ops');
const say = text => require('fs').writeSync(2, text + '\\n');
const leave = (name, promise) =>
  void promise.then(() => say('LEFT ' + name + ' done'), error => say('LEFT ' + name + ' ' + error.message.split('\\n')[0]));
const goOn = async ask => { for (;;) await ask().catch(() => {}); };
const slowDown = () => require('fs').writeFileSync('slow', '');
const minute = { timeoutMs: 60_000 };
const never = () => { throw new Error('not yet'); };
`;
const bodies = {
  waits: `
    beforeAll(() => {
      leave('waitFor', ops.logs.waitFor('never', minute));
      leave('failing', eventually(never, minute));
      leave('stuck', eventually(() => new Promise(() => {}), minute));
      leave('query', postgres({ url: process.env.DATABASE_URL }).query('select pg_sleep(60)'));
      leave('row', postgres({ url: process.env.DATABASE_URL }).waitForRow('select 1 where false', [], minute));
    });`,
  unhandled: `
    beforeAll(() => {
      void ops.logs.waitFor('never', minute);
      void eventually(never, minute);
    });`,
  restart: `afterAll(() => { slowDown(); leave('restart', ops.restart()); });`,
  start: `beforeAll(() => ops.stop()); afterAll(() => { slowDown(); leave('start', ops.start()); });`,
  stop: `afterAll(() => leave('stop', ops.stop()));`,
  kill: `afterAll(() => leave('kill', ops.kill()));`,
  stacks: `afterAll(() => leave('stacks', ops.stacks()));`,
  publishing: `afterAll(() => void goOn(() => rabbitmq({ url: process.env.RABBITMQ_URL }).publish(TASK_QUEUE, 'x')));`,
  looking: `afterAll(() => void goOn(() => rabbitmq({ url: process.env.RABBITMQ_URL }).depth(TASK_QUEUE)));`,
  querying: `afterAll(() => void goOn(() => postgres({ url: process.env.DATABASE_URL }).query('select 1')));`,
  restarting: `afterAll(() => void goOn(() => ops.restart()));`,
  waiting: `afterAll(() => void goOn(() => ops.logs.waitFor('never', { timeoutMs: 1 })));`,
};

function testsOf({ results, output }: JestRun): Readonly<Record<string, readonly string[]>> {
  if (!results) throw new Error(output);
  const files = results.testResults.map(({ name, assertionResults }) => [
    basename(name, '.test.js'),
    assertionResults.map(({ fullName, status }) => `${fullName}: ${status}`),
  ]);
  return Object.fromEntries(files) as Record<string, readonly string[]>;
}

function leftIn({ output }: JestRun): Readonly<Record<string, string>> {
  return Object.fromEntries([...output.matchAll(/^LEFT (\w+) (.*)$/gm)].map(([, name, how]) => [name, how]));
}

test('whatever is under way when its file ends is told so, no result is lost, and Jest ends', async () => {
  const tests = `test('passes', () => {}); test('fails', () => { expect(1).toBe(2); });`;
  const files = Object.entries(bodies).map(([name, body]) => [
    `${name}.test.js`,
    `${prelude}${body}\n${tests}`,
  ]);
  await withProject(
    { 'jest.config.js': configFile(sleeper), ...(Object.fromEntries(files) as Record<string, string>) },
    async ({ run }) => {
      const outcome = await run({ args: ['-i'] });
      expect({ code: outcome.code, signal: outcome.signal }).toEqual({ code: 1, signal: null });
      expect(testsOf(outcome)).toEqual(
        Object.fromEntries(Object.keys(bodies).map(name => [name, ['passes: passed', 'fails: failed']])),
      );
      const over = 'The test file was over before this had ended';
      expect(leftIn(outcome)).toEqual({
        waitFor: over,
        failing: over,
        stuck: over,
        query: over,
        row: over,
        restart: expect.stringMatching(/^The test file was over|does not run$/),
        start: expect.stringMatching(/^The test file was over|does not run$/),
        stop: 'done',
        kill: 'done',
        stacks: expect.stringMatching(
          /^The test file was over|does not run|^Cannot tell where worker|^done$/,
        ),
      });
      expect(outcome.output).not.toContain('did not exit');
    },
  );
});
