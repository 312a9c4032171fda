import { configFile, fixtures } from './harness/config-file.ts';
import { failureOf } from './harness/failure-of.ts';
import { withProject } from './harness/project.ts';
import { runCommand } from './harness/start-command.ts';

jest.setTimeout(90_000);

const deaf = (name: string, rest: string) =>
  `${name}: { command: ['node', W + '/ignore-sigterm.mjs'], ${rest} },`;
const ready = `ready: [log({ pattern: 'ready' })]`;
const neverReady = `startTimeoutMs: 1000, ready: [log({ pattern: 'never' })]`;

test('a worker that is stopped because it did not come up says so while it is deaf, and how it ended', async () => {
  const { text, output, events } = await failureOf({
    'jest.config.js': configFile(deaf('ops', `stop: { graceMs: 4000 }, ${neverReady}`)),
  });
  expect(output).toMatch(
    /^live-worker: worker "ops" is being stopped for \d+ s: SIGTERM was sent to pid \d+; SIGKILL follows after 4 s \(stop\.graceMs\)$/m,
  );
  expect(output).toContain('live-worker: worker "ops" did not end: SIGKILL after 4 s\n');
  expect(text).toContain(
    'stopped: worker "ops": it took SIGKILL, for it did not end within 4 s of SIGTERM (stop.graceMs)',
  );
  expect(events.filter(event => event !== 'file.failed').slice(-6)).toEqual([
    'worker.failed',
    'worker.stopping',
    'worker.killing',
    'worker.exited',
    'worker.stopped',
    'session.closed',
  ]);
});

test('a short grace is told of in the failure alone, with gate: setup too', async () => {
  const { text, output } = await failureOf({
    'jest.config.js': configFile(deaf('ops', `stop: { graceMs: 100, signal: 'SIGINT' }, ${neverReady}`), {
      session: `gate: 'setup',`,
    }),
  });
  expect(text).toContain('it took SIGKILL, for it did not end within 0.1 s of SIGINT (stop.graceMs)');
  expect(output).not.toContain('live-worker: ');
});

test('a worker that ends in time is not spoken of', async () => {
  const { text } = await failureOf({
    'jest.config.js': configFile(`ops: { command: ['node', W + '/says-goodbye.mjs'], ${neverReady} },`),
  });
  expect(text).not.toContain('SIGKILL');
});

test('a test that fails says which of its stops was forced, or is under way', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        deaf('ops', `stop: { graceMs: 3000 }, ${ready}`) + deaf('short', `stop: { graceMs: 100 }, ${ready}`),
      ),
      'a.test.js': `${fixtures}
        test('has no time', async () => { await liveWorker('ops').stop(); }, 500);
        test('restarts', async () => { await liveWorker('short').restart(); throw new Error('no'); });
        test('knows nothing of it', () => { throw new Error('no'); });`,
    },
    async project => {
      const { code, results } = await project.run();
      const [stops, restarts, none] =
        results?.testResults[0]?.assertionResults.map(({ failureMessages }) => failureMessages.join('\n')) ??
        [];
      expect(code).toBe(1);
      expect(stops).toMatch(
        /worker "ops": stopping, pid \d+, SIGKILL follows 3 s after SIGTERM \(stop.graceMs\)\n/,
      );
      expect(restarts).toMatch(
        /worker "short": ready, pid \d+, stopped meanwhile: it took SIGKILL, for it did not end within 0.1 s of SIGTERM/,
      );
      expect(none).not.toMatch(/worker "short": .*SIGKILL/);
    },
  ));

test('at the end of a file that passes, what the others wait for is named', async () =>
  withProject(
    {
      'jest.config.js': configFile(
        deaf('api', `stop: { graceMs: 100 }, ${ready}`) +
          deaf('ops', `after: ['api'], stop: { graceMs: 2500 }, ${ready}`),
      ),
      'a.test.js': `test('passes', () => {});`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output }).toEqual({
        code: 0,
        output: expect.stringMatching(
          /^live-worker: worker "ops" is being stopped for \d+ s: SIGTERM was sent to pid \d+;/m,
        ),
      });
      expect(output).toContain('live-worker: worker "ops" did not end: SIGKILL after 2.5 s\n');
      expect(output).not.toContain('"api"');
      expect(
        project
          .events()
          .filter(({ event }) => event === 'worker.killing')
          .map(({ worker, signal, graceMs }) => ({ worker, signal, graceMs })),
      ).toEqual([
        { worker: 'ops', signal: 'SIGTERM', graceMs: 2500 },
        { worker: 'api', signal: 'SIGTERM', graceMs: 100 },
      ]);
    },
  ));

test('what a wrapper left behind is what the grace goes on for', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        ops: { command: ['sh', '-c', 'node $0 & trap "exit 0" TERM; wait', W + '/ignore-sigterm.mjs'],
          stop: { graceMs: 2500 }, ${ready} },`),
      'a.test.js': `test('passes', () => {});`,
    },
    async project => {
      const { output } = await project.run();
      expect(output).toMatch(
        /"ops" is being stopped for \d+ s: SIGTERM was sent to pid \d+, which ended, and then to what it left behind;/,
      );
    },
  ));

test('live-worker run tells the same of a worker that does not come up', async () =>
  withProject(
    { 'jest.config.js': configFile(deaf('ops', `stop: { graceMs: 2500 }, ${neverReady}`)) },
    async project => {
      const { code, stderr } = await runCommand(project, ['run', 'ops']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/worker "ops" is being stopped for \d+ s: SIGTERM was sent to pid /);
      expect(stderr).toContain(
        'stopped: worker "ops": it took SIGKILL, for it did not end within 2.5 s of SIGTERM',
      );
    },
  ));
