import { configFile, fixtures } from './harness/config-file.ts';
import { failureOf } from './harness/failure-of.ts';
import { withProject } from './harness/project.ts';
import { runCommand } from './harness/start-command.ts';

jest.setTimeout(120_000);

const program = `console.log('ready'); setTimeout(() => {}, 60_000);`;
const crashing = `console.error('Error: no queue'); process.exit(3);`;
const files = (worker: string, rest: Readonly<Record<string, string>> = {}) => ({
  'jest.config.js': configFile(`ops: { ${worker} },`),
  'worker.js': program,
  'start.sh': 'node --watch worker.js; true',
  'package.json': JSON.stringify({ scripts: { dev: 'node --watch worker.js' } }),
  ...rest,
});
const ready = `ready: [log({ pattern: 'ready' })],`;

test.each([
  ['the command', `command: ['node', '--watch', 'worker.js'], ${ready}`, 'node --watch stays alive'],
  [
    'a script of package.json',
    `command: ['npm', 'run', 'dev'], ${ready}`,
    'node --watch (the script "dev" of package.json) stays alive',
  ],
  ['a shell', `command: 'true && node --watch worker.js', shell: true, ${ready}`, 'node --watch stays alive'],
])(
  'a watcher in %s is refused before it is started, with the command without it',
  async (_, worker, what) => {
    const { text, events } = await failureOf(files(worker));
    expect(text).toContain('[COMMAND_WATCHES]');
    expect(text).toContain(`Cannot launch worker "ops": ${what} when the program it runs ends`);
    expect(text).toContain('Run the program itself: command: ["node", "worker.js"]');
    expect(events).not.toContain('worker.spawned');
  },
);

test('a watcher that only its processes show is refused when the worker is ready', async () => {
  const { text, events } = await failureOf(files(`command: ['sh', 'start.sh'], ${ready}`));
  expect(text).toMatch(/\[COMMAND_WATCHES\].*node --watch \(pid \d+: node --watch worker\.js\) stays alive/);
  expect(events.slice(-2)).toEqual(['worker.stopped', 'session.closed']);
});

test('a program that crashes at boot under a watcher does not hang', async () => {
  const { text } = await failureOf(
    files(`command: ['sh', 'start.sh'], startTimeoutMs: 2_000, ${ready}`, { 'worker.js': crashing }),
  );
  expect(text).toMatch(
    /cause: {2}the program has ended, and node --watch \(pid \d+\) waits for a change of its files: Failed running 'worker\.js'/,
  );
  expect(text).toContain('| Error: no queue');
  expect(text).not.toContain('it hangs');
});

test("with onExit: 'ignore' a watcher is nobody's business", async () =>
  withProject(
    files(`command: ['node', '--watch', 'worker.js'], onExit: 'ignore', ${ready}`, {
      'a.test.js': `${fixtures} test('runs', () => expect(liveWorker('ops').state).toBe('ready'));`,
    }),
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
      expect(await runCommand(project, ['run', 'ops', '--ready-only'])).toMatchObject({ code: 0 });
    },
  ));

test('a failing test says which process is gone that was there when its worker was ready', async () =>
  withProject(
    files(`command: ['sh', 'start.sh'], ${ready}`, {
      'start.sh': 'for n in 1 2 3; do node worker.js; sleep 20; done',
      'worker.js': `console.log('ready ' + process.pid); setTimeout(() => {}, 60_000);`,
      'a.test.js': `${fixtures}
      test('fails', async () => {
        const [, pid] = /ready (\\d+)/.exec(liveWorker('ops').logs.text('stdout'));
        process.kill(Number(pid), 'SIGKILL');
        await eventually(() => expect(() => process.kill(Number(pid), 0)).toThrow());
        expect(1).toBe(2);
      });`,
    }),
    async project => {
      const { output } = await project.run();
      expect(output).toMatch(/gone since it was ready: pid \d+: node worker\.js\n/);
    },
  ));
