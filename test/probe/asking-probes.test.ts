import { commandProbe } from '../../src/probe/command-probe.ts';
import { moduleProbe, type ProbeModule } from '../../src/probe/module-probe.ts';
import { notifyProbe } from '../../src/probe/notify-probe.ts';
import type { ProbeContext } from '../../src/probe/probe-context.ts';

const { signal } = new AbortController();

test('notifyProbe() is ready as soon as the worker has said so', async () => {
  let isNotified = false;
  const probe = notifyProbe(() => isNotified);
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why: 'it has not written one yet' });
  isNotified = true;
  expect(await probe.check(signal)).toEqual({ kind: 'ready' });
});

const command = { kind: 'command', command: ['check', 'it'], attemptTimeoutMs: 700 } as const;

test.each([
  [{ code: 0, lastLine: 'fine' }, { kind: 'ready' }],
  [
    { code: 1, lastLine: 'no nodes' },
    { kind: 'pending', why: 'it ended with code 1: no nodes' },
  ],
  [
    { code: 2, lastLine: '' },
    { kind: 'pending', why: 'it ended with code 2' },
  ],
  [
    { code: undefined, lastLine: 'ENOENT' },
    { kind: 'pending', why: 'it did not end by itself: ENOENT' },
  ],
])('commandProbe() makes of %j its answer', async (result, answer) => {
  expect(await commandProbe(command, async () => result).check(signal)).toEqual(answer);
});

test('commandProbe() hands over command, limit and signal, and leaves the command time to be killed', async () => {
  const runs: unknown[] = [];
  const probe = commandProbe(command, async (...run) => {
    runs.push(run);
    return { code: 0, lastLine: '' };
  });
  await probe.check(signal);
  expect(runs).toEqual([[['check', 'it'], { timeoutMs: 700, signal }]]);
  expect(probe.attemptTimeoutMs).toBeGreaterThan(700);
  expect(probe.description).toBe('check it ends with code 0');
});

const loaded: string[] = [];

function probing(exported: unknown, options?: unknown) {
  const context = {
    rootDir: '/project',
    cwd: '/project/ops',
    where: 'workers.ops.ready[0]',
    env: { NAME: 'ops' },
    async loadModule(path: string) {
      loaded.push(path);
      if (exported instanceof Error) throw exported;
      return exported;
    },
  } as Partial<ProbeContext> as ProbeContext;
  return moduleProbe({ kind: 'module', path: './probe.ts', options }, context);
}

beforeEach(() => {
  loaded.length = 0;
});

test('moduleProbe() asks the module with everything it may need', async () => {
  const questions: unknown[] = [];
  const ask: ProbeModule = question => {
    questions.push(question);
    return { kind: 'ready' };
  };
  expect(await probing(ask, { depth: 3 }).check(signal)).toEqual({ kind: 'ready' });
  expect(questions).toEqual([{ env: { NAME: 'ops' }, cwd: '/project/ops', options: { depth: 3 }, signal }]);
});

test('moduleProbe() loads the module once, from rootDir', async () => {
  const probe = probing(async () => ({ kind: 'pending', why: 'later' }));
  expect(await probe.check(signal)).toEqual({ kind: 'pending', why: 'later' });
  await probe.check(signal);
  expect(loaded).toEqual(['/project/probe.ts']);
});

test('moduleProbe() gives up when the module cannot be loaded, or is no function', async () => {
  const broken = await probing(new Error('Unexpected token')).check(signal);
  expect(broken).toEqual({ kind: 'fatal', why: 'Unexpected token' });
  const wrong = await probing({ check: 1 }).check(signal);
  expect(wrong).toMatchObject({ kind: 'fatal' });
  expect('why' in wrong && wrong.why).toContain('its default export is object, wanted a function');
});

test.each([
  [true, `./probe.ts answered true, wanted { kind: 'ready' }`],
  [undefined, './probe.ts answered undefined, wanted'],
  [{ kind: 'done' }, './probe.ts answered {"kind":"done"}, wanted'],
])('moduleProbe() gives up when the module answers %j', async (answer, why) => {
  const given = await probing(() => answer).check(signal);
  expect(given).toEqual({ kind: 'fatal', why: expect.stringContaining(why) });
});

test('moduleProbe() cleans what the module answers', async () => {
  expect(await probing(() => ({ kind: 'ready', why: 1 })).check(signal)).toEqual({ kind: 'ready' });
  expect(await probing(() => ({ kind: 'fatal' })).check(signal)).toEqual({ kind: 'fatal', why: 'fatal' });
});
