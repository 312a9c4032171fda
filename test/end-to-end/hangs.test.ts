import { configFile, fixtures } from './harness/config-file.ts';
import { failureOf, failuresOf, withServer } from './harness/failure-of.ts';
import { withProject } from './harness/project.ts';

jest.setTimeout(120_000);

test('D15 a worker that hangs is asked where it is before it is killed', async () =>
  withServer(async port => {
    const failures = await failuresOf(
      {
        importing: `command: ['/usr/bin/python3', '-c', 'import slow_import'], env: { PYTHONPATH: W },`,
        wrapped: `shell: true, command: 'true; /usr/bin/python3 -c "import slow_import"; true', env: { PYTHONPATH: W },`,
        busy: `command: ['node', W + '/busy-loop.mjs'],`,
        waiting: `command: ['node', W + '/waits-on-socket.mjs'], env: { PEER_PORT: '${port}' },`,
        unknown: `command: ['sleep', '60'],`,
        deaf: `command: ['/usr/bin/python3', '-c', 'import slow_import'], env: { PYTHONPATH: W, PYTHONFAULTHANDLER: null },`,
      },
      {},
    );
    const { importing, wrapped, busy, waiting, unknown } = failures;
    for (const failure of [importing, wrapped]) {
      expect(failure?.text).toContain('[START_TIMEOUT]');
      expect(failure?.text).toMatch(
        /cause: {2}it is still importing its modules: File "\S+slow_import.py", line 10 in connect_at_import/,
      );
      expect(failure?.text).toMatch(
        /pid \d+ \(python\) was in:\n +\| File "\S+slow_import.py", line 10 in connect/,
      );
      expect(failure?.text).toMatch(/\| File "<string>", line 1 in <module>/);
    }
    expect(busy?.text).toMatch(
      /cause: {2}it hangs, or is not done yet: it computes without a pause, at spin \(file:\S+busy-loop.mjs:5:\d+\)/,
    );
    expect(busy?.text).toMatch(/pid \d+ \(node\) was in:\n +\| at spin \(file/);
    expect(busy?.text).toMatch(/stdout, last lines:\n +\| spinning/);
    expect(waiting?.text).toMatch(
      new RegExp(`it executes nothing, and waits for: Socket to 127.0.0.1:${port}`),
    );
    expect(unknown?.text).not.toContain('was in:');
    expect(unknown?.text).toContain('cause:  nothing came on stdout: sleep may keep its lines in a buffer');
    for (const failure of Object.values(failures)) {
      expect(failure.events).not.toContain('log.fault');
      expect(failure.events.slice(-2)).toEqual(['worker.stopped', 'session.closed']);
    }
  }));

test('D15 the stacks stand in the log whole, and their secrets only there', async () => {
  const { text } = await failureOf({
    'jest.config.js': configFile(`ops: {
      command: ['/usr/bin/python3', 'hunter2secret.py'], env: { API_TOKEN: 'hunter2secret' }, startTimeoutMs: 1000,
      ready: [log({ pattern: 'never' })] },`),
    'hunter2secret.py': 'import signal, time\nsignal.alarm(60)\ntime.sleep(60)',
  });
  expect(text).toMatch(/\| File "<project>\/\*\*\*.py", line 3 in <module>/);
  expect(text).not.toContain('hunter2secret');
});

test('D16 stacks() tells where a worker is that goes on afterwards, or why nobody can tell', async () =>
  withProject(
    {
      'jest.config.js': configFile(`
        busy: { command: ['node', W + '/busy-loop.mjs'], ready: [log({ pattern: 'spinning' })] },
        idle: { command: ['sh', '-c', 'node $0; true', W + '/ready-then-sleep.mjs'], ready: [log({ pattern: 'ready' })] },
        asked: { command: ['/usr/bin/python3', W + '/answers-signal.py'], stacksSignal: 'SIGUSR2', ready: [log({ pattern: 'ready' })] },
        mute: { command: ['/usr/bin/python3', W + '/answers-signal.py'], ready: [log({ pattern: 'ready' })] },
        unknown: { command: ['sh', '-c', 'echo ready; sleep 60'], ready: [log({ pattern: 'ready' })] },`),
      'a.test.js': `${fixtures}
        test('each answers, and is still there', async () => {
          expect(await liveWorker('busy').stacks()).toMatch(/^pid \\d+ \\(node\\):\\n +at spin \\(file:.*busy-loop.mjs:5:/);
          expect(await liveWorker('busy').stacks()).toContain('at spin');
          expect(await liveWorker('idle').stacks()).toMatch(/waits for: .*Timeout/);
          expect(await liveWorker('asked').stacks()).toMatch(/line 13 in wait_for_work/);
          expect(liveWorker('asked').logs.text('stderr')).toContain('wait_for_work');
          expect(liveWorker('busy').logs.text('stderr')).toContain('at spin');
        });
        test('or says why not', async () => {
          const mute = await caught(liveWorker('mute').stacks());
          expect(mute).toMatchObject({ code: 'STACKS_UNAVAILABLE' });
          expect(mute.message).toMatch(/pid \\d+ \\(python\\): SIGABRT would end it/);
          expect(mute.message).toContain('faulthandler.register(signal.SIGUSR2)');
          const unknown = await caught(liveWorker('unknown').stacks());
          expect(unknown.message).toContain('none of its processes has a runtime that can be asked');
          await liveWorker('unknown').stop();
          expect(await caught(liveWorker('unknown').stacks())).toMatchObject({ code: 'WORKER_NOT_RUNNING' });
        });
        test('and none of them died of it', () => {
          for (const name of ['busy', 'idle', 'asked', 'mute']) expect(liveWorker(name).state).toBe('ready');
        });`,
    },
    async project => {
      const { code, output } = await project.run();
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    },
  ));
