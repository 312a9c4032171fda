import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { configFile, fixtures } from './harness/config-file.ts';
import { type Project, processesOf, withProject } from './harness/project.ts';

jest.setTimeout(60_000);

const worker = (blockedIn: string, rest: string, env = '') => `
ops: { command: ['node', W + '/wakes-late.mjs'], env: { BLOCKED_IN: '${blockedIn}', ${env} }, ${rest} },`;

const asks = `${fixtures}
test('asks', async () => {
  require('node:fs').writeFileSync('block', '');
  await liveWorker('ops').logs.waitFor('blocks');
  process.stderr.write('ANSWER ' + await liveWorker('ops').stacks().catch(error => error.message) + ' END\\n');
  await new Promise(resolve => setTimeout(resolve, 30_000));
}, 40_000);`;

/** Waits until the inspector was opened as often as it will be, and nobody listens on its port any more. */
async function expectClosed(project: Project, awake: string): Promise<void> {
  const log = (stream: string) => {
    try {
      return project.record('a.test.js', `ops.${stream}.log`);
    } catch {
      return '';
    }
  };
  const opened = () => /Debugger listening on ws:\/\/127\.0\.0\.1:(\d+)/.exec(log('stderr'))?.[1];
  while (opened() === undefined || !log('stdout').includes(awake)) await sleep(20);
  for (const end = performance.now() + 3_000; performance.now() < end && (await listens(opened())); )
    await sleep(20);
  await sleep(300);
  expect({ listens: await listens(opened()), lives: isWorkerAlive(project) }).toEqual({
    listens: false,
    lives: true,
  });
}

function isWorkerAlive(project: Project): boolean {
  return processesOf(project.id).some(line => line.includes('wakes-late.mjs'));
}

function listens(port: string | undefined): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(Number(port), '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

test.each([
  ['native', /Cannot tell where worker "ops" is/],
  ['script', /at file:\S+wakes-late.mjs:13:/],
])(
  'the inspector of a worker that was asked while it was blocked in %s does not stay open',
  async (blockedIn, answer) =>
    withProject(
      {
        'jest.config.js': configFile(
          // Longer than it takes to ask it on a machine with much to do.
          worker(
            blockedIn,
            `ready: [log({ pattern: 'ready' })], stop: { graceMs: 100 },`,
            `BLOCKED_MS: '5000'`,
          ),
        ),
        'a.test.js': asks,
      },
      async project => {
        const started = project.start();
        expect(await started.untilOutput(/ANSWER [\s\S]* END/)).toMatch(answer);
        await expectClosed(project, 'awake');
        started.child.kill('SIGKILL');
        await started.ended;
        while (isWorkerAlive(project)) await sleep(20);
      },
    ),
);

test('nor that of one that was asked at its deadline', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        worker(
          'native',
          `ready: [log({ pattern: 'never' })], startTimeoutMs: 500, stop: { graceMs: 6_000 },`,
        ),
      ),
      'a.test.js': `test('never runs', () => {});`,
      block: '',
    },
    async project => {
      const started = project.start();
      await expectClosed(project, 'awake');
      const { output } = await started.ended;
      expect(output).toContain('[START_TIMEOUT]');
    },
  ));
