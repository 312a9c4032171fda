import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../../src/process/table/process-entry.ts';
import { identifyProcess, isAlive } from '../../src/process/table/process-identity.ts';
import { configFile, fixtures, opsWorker } from './harness/config-file.ts';
import { type Project, processesOf, queueExists, untilGone, withProject } from './harness/project.ts';
import type { StartedJest } from './harness/start-jest.ts';

jest.setTimeout(90_000);

const polite = `ops: { command: ['node', W + '/says-goodbye.mjs'], ready: [log({ pattern: 'ready' })] },`;
const deaf = `ops: { command: ['node', W + '/ignore-sigterm.mjs'], ready: [log({ pattern: 'ready' })] },`;
const everythingWritten = 'ready\ngot SIGTERM\ngoodbye';

const holds = `test('holds', async () => {
  process.stderr.write('HOLDING ' + process.pid + '\\n');
  await new Promise(resolve => setTimeout(resolve, 40_000));
}, 50_000);`;

function files(testFile: string, workers = polite, session = '') {
  return { 'jest.config.js': configFile(workers, { session }), 'a.test.js': `${fixtures}\n${testFile}` };
}

/** Everybody of a project, in a form no later process is mistaken for. */
function identitiesOf(project: Project): readonly ProcessIdentity[] {
  return processesOf(project.id).map(line => identifyProcess(Number.parseInt(line, 10)));
}

async function expectNothingLeft(project: Project, seen: readonly ProcessIdentity[] = []): Promise<void> {
  await untilGone(() => processesOf(project.id));
  expect(seen.filter(identity => isAlive(identity))).toEqual([]);
}

function logOf(project: Project, testFile = 'a.test.js'): string {
  return project.record(testFile, 'ops.stdout.log');
}

async function untilHolding(started: StartedJest): Promise<number> {
  return Number(/HOLDING (\d+)/.exec(await started.untilOutput(/HOLDING \d+\r?\n/))?.[1]);
}

describe('Jest ends by itself', () => {
  test.each<[string, string, readonly string[], number]>([
    ['finished', `test('passes', () => {});`, [], 0],
    ['failed', `test('fails', () => { throw new Error('no'); });`, [], 1],
    ['nothing to do', `test.skip('skipped', () => {});`, [], 0],
    ['--forceExit', `test('leaves a handle', () => void setInterval(() => {}, 1_000));`, ['--forceExit'], 0],
    ['--bail', `test('fails', () => { throw new Error('no'); });`, ['--bail'], 1],
  ])('%s: the worker has said its last word', async (_, testFile, args, code) =>
    // A file without a test to run does not wait for its worker otherwise.
    withProject(files(testFile, polite, `gate: 'setup',`), async project => {
      const ended = await project.run({ args });
      expect(processesOf(project.id)).toEqual([]);
      expect({ code: ended.code, output: ended.code === code ? '' : ended.output }).toEqual({
        code,
        output: '',
      });
      expect(logOf(project)).toBe(everythingWritten);
    }),
  );

  test('--bail cuts off the other files', async () =>
    withProject(
      {
        ...files(
          `test('fails', async () => { await new Promise(resolve => setTimeout(resolve, 500)); throw new Error('no'); });`,
        ),
        'b.test.js': holds,
        'c.test.js': holds,
      },
      async project => {
        const { code } = await project.run({ args: ['--bail', '-w', '3'] });
        expect(code).toBe(1);
        await expectNothingLeft(project);
        for (const file of ['a.test.js', 'b.test.js', 'c.test.js'])
          expect(logOf(project, file)).toBe(everythingWritten);
      },
    ));

  test('watch mode runs a file again with a worker of its own, and ends it at the end', async () =>
    withProject(files(`test('passes', () => {});`), async project => {
      const started = project.start({ args: ['--watchAll', '--colors=false'], terminal: true });
      await started.untilOutput(/Ran all test suites[\s\S]*Watch Usage/);
      started.child.stdin?.write('a');
      await started.untilOutput(/Ran all test suites[\s\S]*Ran all test suites[\s\S]*Watch Usage/);
      await untilGone(() => processesOf(project.id).filter(line => line.includes('says-goodbye')));
      expect(['a.test.js', 'a.test.js.2'].map(file => logOf(project, file))).toEqual([
        everythingWritten,
        everythingWritten,
      ]);
      started.child.stdin?.write('q');
      await started.ended;
      await expectNothingLeft(project);
    }));

  test('watch mode left by Ctrl-C in the middle of a test ends the worker', async () =>
    withProject(files(holds), async project => {
      const started = project.start({ args: ['--watchAll', '--colors=false'], terminal: true });
      await untilHolding(started);
      const seen = identitiesOf(project);
      started.child.stdin?.write('\x03');
      await expectNothingLeft(project, seen);
      await started.ended;
      expect(logOf(project)).toBe(everythingWritten);
    }));
});

describe('Jest is ended', () => {
  test.each<
    [string, string, Readonly<Record<string, string>>, { code: number | null; signal: string | null }]
  >([
    ['FAULT 7: process.exit(7)', 'process.exit(7)', {}, { code: 7, signal: null }],
    ['FAULT 8: process.abort()', 'process.abort()', {}, { code: null, signal: 'SIGABRT' }],
    [
      'FAULT 8: a segmentation fault',
      `process.kill(process.pid, 'SIGSEGV')`,
      {},
      { code: null, signal: 'SIGSEGV' },
    ],
    [
      'FAULT 8: no memory left',
      'const all = []; for (;;) all.push(new Array(100_000).fill(all.length))',
      { NODE_OPTIONS: '--max-old-space-size=120' },
      { code: null, signal: 'SIGABRT' },
    ],
  ])('%s in a test ends the worker', async (_, statement, env, how) =>
    withProject(files(`test('ends Jest', () => { ${statement}; });`), async project => {
      const { code, signal } = await project.run({ args: ['-i'], env });
      expect({ code, signal }).toEqual(how);
      await expectNothingLeft(project);
      expect(logOf(project)).toBe(everythingWritten);
    }),
  );

  test.each<[string, NodeJS.Signals]>([
    ['FAULT 1: SIGKILL', 'SIGKILL'],
    ['FAULT 6: SIGTERM', 'SIGTERM'],
    ['FAULT 6: SIGHUP', 'SIGHUP'],
    ['FAULT 4: Ctrl-C, to the whole foreground group,', 'SIGINT'],
  ])('%s ends the worker, which has its say', async (_, signal) =>
    withProject(files(holds), async project => {
      const started = project.start({ args: ['-i'], ownGroup: true });
      await untilHolding(started);
      const seen = identitiesOf(project);
      process.kill(-(started.child.pid as number), signal);
      await expectNothingLeft(project, seen);
      expect((await started.ended).code).not.toBe(0);
      expect(logOf(project)).toBe(everythingWritten);
    }),
  );

  test.each<[string, NodeJS.Signals]>([
    ['FAULT 2: SIGKILL', 'SIGKILL'],
    ['FAULT 6: SIGTERM', 'SIGTERM'],
    ['FAULT 6: SIGHUP', 'SIGHUP'],
  ])('%s to a Jest with children ends the workers of all of them', async (_, signal) =>
    withProject({ ...files(holds), 'b.test.js': holds }, async project => {
      const started = project.start({ args: ['-w', '2'] });
      await started.untilOutput(/HOLDING \d+[\s\S]*HOLDING \d+\n/);
      const seen = identitiesOf(project);
      started.child.kill(signal);
      await expectNothingLeft(project, seen);
      expect((await started.ended).code).not.toBe(0);
      for (const file of ['a.test.js', 'b.test.js']) expect(logOf(project, file)).toBe(everythingWritten);
    }),
  );

  test('FAULT 5: a second Ctrl-C changes nothing: a deaf worker is dead soon after the first', async () =>
    withProject(files(holds, deaf), async project => {
      const started = project.start({ args: ['-i'], ownGroup: true });
      await untilHolding(started);
      const seen = identitiesOf(project);
      process.kill(-(started.child.pid as number), 'SIGINT');
      await sleep(100);
      try {
        process.kill(-(started.child.pid as number), 'SIGINT');
      } catch (error) {
        expect(error).toMatchObject({ code: 'ESRCH' });
      }
      await expectNothingLeft(project, seen);
      await started.ended;
      expect(logOf(project)).toBe('ready\nignored SIGTERM\n');
    }));

  test('FAULT 20: a worker that is stopped is woken to take its signal', async () =>
    withProject(
      files(`test('stops the worker', async () => {
        process.kill(liveWorker('ops').pid, 'SIGSTOP');
        process.stderr.write('HOLDING ' + process.pid + '\\n');
        if (process.env.STAYS) await new Promise(resolve => setTimeout(resolve, 40_000));
      }, 50_000);`),
      async project => {
        expect((await project.run()).code).toBe(0);
        expect(logOf(project)).toBe(everythingWritten);
        const started = project.start({ args: ['-i'], env: { STAYS: '1' } });
        process.kill(await untilHolding(started), 'SIGKILL');
        await expectNothingLeft(project);
        await started.ended;
        expect(logOf(project)).toBe(everythingWritten);
      },
    ));

  test('FAULT 1: the turn on a queue is given back', async () =>
    withProject(files(holds, opsWorker), async project => {
      const turn = `live-worker.turn.${project.queue}`;
      const started = project.start({ args: ['-i'] });
      const jestPid = await untilHolding(started);
      expect(await queueExists(turn)).toBe(true);
      process.kill(jestPid, 'SIGKILL');
      await expectNothingLeft(project);
      while (await queueExists(turn)) await sleep(20);
      await started.ended;
    }));
});

describe('no run ends with 0 when a worker died unasked', () => {
  const kill = `process.kill(liveWorker('ops').pid, 'SIGKILL')`;
  test.each<[string, string, readonly string[]]>([
    [
      'FAULT 30: in a test',
      `test('kills', async () => { ${kill}; await new Promise(() => {}); }, 60_000);`,
      [],
    ],
    ['FAULT 30: in a test that is over at once', `test('kills', () => { ${kill}; });`, []],
    ['FAULT 30: in the last hook', `test('passes', () => {}); afterAll(() => { ${kill}; });`, []],
    ['FAULT 30: while the file is loaded', `${kill}; test('passes', () => {});`, ['-c', 'early.config.js']],
    [
      'FAULT 30: with nothing but skipped tests',
      `${kill}; test.skip('skipped', () => {});`,
      ['-c', 'early.config.js'],
    ],
    ['FAULT 30: with --forceExit', `test('kills', () => { ${kill}; });`, ['--forceExit']],
    ['FAULT 30: with --bail', `test('kills', () => { ${kill}; });`, ['--bail']],
    [
      'FAULT 30: with --passWithNoTests and a name nobody has',
      `test('a', () => {}); ${kill};`,
      ['-c', 'early.config.js', '--passWithNoTests', '-t', 'nobody'],
    ],
  ])('%s', async (_, testFile, args) =>
    withProject(
      { ...files(testFile), 'early.config.js': configFile(polite, { session: `gate: 'setup',` }) },
      async project => {
        const { code, output } = await project.run({ args });
        expect({ code, output }).toEqual({
          code: 1,
          output: expect.stringContaining('was killed by SIGKILL'),
        });
        await expectNothingLeft(project);
      },
    ),
  );

  test('FAULT 22: a leader that dies takes the children it left behind with it', async () =>
    withProject(
      files(
        `test('kills', async () => { ${kill}; await new Promise(() => {}); }, 60_000);`,
        `ops: { command: ['node', W + '/orphan-children.mjs'], ready: [log({ pattern: 'child is up' })] },`,
      ),
      async project => {
        const { code, output } = await project.run();
        expect({ code, output }).toEqual({
          code: 1,
          output: expect.stringContaining('was killed by SIGKILL'),
        });
        expect(processesOf(project.id)).toEqual([]);
      },
    ));
});

describe('FAULT 55: what was started is stopped when a later step of setup fails', () => {
  const first = polite.replace('ops:', 'first:');
  const second = (rest: string) =>
    `second: { after: ['first'], command: ['node', W + '/says-goodbye.mjs'], ${rest} },`;
  const never = `ready: [log({ pattern: 'never' })], startTimeoutMs: 300`;
  const refused = `ready: [rabbitmq({ url: 'amqp://nobody:no@127.0.0.1:5672', queues: [TASK_QUEUE] })]`;
  const beforeAnyLaunch = '';
  test.each<[string, string, string | RegExp, string | undefined]>([
    [
      'options',
      `${first} second: { command: 'a string', ready: [] },`,
      /workers\.second\.command/,
      undefined,
    ],
    [
      'executable',
      first + second('ready: []').replace(`'node'`, `'nobody'`),
      /"nobody" was not/,
      beforeAnyLaunch,
    ],
    ['cwd', first + second(`cwd: 'nowhere', ready: []`), /nowhere/, beforeAnyLaunch],
    ['env file', first + second(`envFile: 'nowhere.env', ready: []`), /nowhere\.env/, beforeAnyLaunch],
    ['preflight', first + second(refused), /refuse|403/i, beforeAnyLaunch],
    ['probe', first + second(`ready: [probes.module('./no-probe.js')]`), /no-probe/, beforeAnyLaunch],
    ['deadline', first + second(never), /"never"|\/never\//, everythingWritten],
    [
      'exit',
      first + second(never.replace('300', '9000')).replace('says-goodbye', 'exit-zero'),
      /exited with code 0/,
      everythingWritten,
    ],
  ])('%s', async (_, workers, told, written) =>
    withProject(
      {
        'jest.config.js': configFile(workers),
        'setup.config.js': configFile(workers, { session: `gate: 'setup',` }),
        'a.test.js': `test('never runs', () => {});`,
      },
      async project => {
        for (const args of [[], ['-c', 'setup.config.js']]) {
          const { code, output } = await project.run({ args });
          expect(processesOf(project.id)).toEqual([]);
          expect({ code, output }).toEqual({ code: 1, output: expect.stringMatching(told) });
          if (written !== undefined) expect(project.record('a.test.js', 'first.stdout.log')).toBe(written);
        }
      },
    ),
  );

  test('a file that cannot be loaded ends a worker that is still starting', async () =>
    withProject(
      files(
        `throw new Error('no');`,
        `ops: { command: ['node', W + '/says-goodbye.mjs'], ready: [log({ pattern: 'never' })] },`,
      ),
      async project => {
        const { code, output } = await project.run();
        expect({ code, output }).toEqual({ code: 1, output: expect.not.stringContaining('START_TIMEOUT') });
        expect(processesOf(project.id)).toEqual([]);
      },
    ));
});
