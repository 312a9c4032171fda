import { LiveWorkerError } from '../../src/errors.ts';
import { openSession } from '../../src/jest/open-session.ts';
import { handleTestEvent, type TestEvent, type TestState } from '../../src/jest/test-events.ts';
import type { TestFileSession } from '../../src/session/test-file-session.ts';
import { temporaryFolder } from '../launch/temporary-folder.ts';

function stateWith(mode: 'skip' | undefined): TestState {
  const rootDescribeBlock = { type: 'describeBlock', hooks: [], children: [] as unknown[] };
  rootDescribeBlock.children.push({ type: 'test', name: 'one', mode, parent: rootDescribeBlock });
  return { testTimeout: 5_000, unhandledErrors: [], rootDescribeBlock } as unknown as TestState;
}

const problems = [
  new LiveWorkerError('STOP_FAILED', 'Cannot stop worker "one"'),
  new LiveWorkerError('STOP_FAILED', 'Cannot stop worker "two"'),
];

function endingWith(found: readonly unknown[]): TestFileSession {
  return {
    testName: 'a.test.js',
    untilLastExitsHeard: async () => {},
    end: async () => found,
  } as unknown as TestFileSession;
}

test.each([
  ['with a test that runs', undefined, 0],
  ['where every test is skipped, on stderr too', 'skip', 2],
] as const)('all that went wrong at the end stands beside the results: %s', async (_, mode, times) => {
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const state = stateWith(mode);
  await handleTestEvent(endingWith(problems), { name: 'run_finish' }, state, 'tests');
  const lines = written.mock.calls.map(([text]) => text);
  written.mockRestore();
  expect(state.unhandledErrors).toEqual(problems);
  expect(lines).toHaveLength(times);
  expect(lines.slice(0, 1)).toEqual(
    times === 0 ? [] : ['live-worker: a.test.js: LiveWorkerError [STOP_FAILED]: Cannot stop worker "one"\n'],
  );
});

test('an error of the session after the start of the tests stands beside their results', async () => {
  const rootDir = temporaryFolder();
  const session = openSession({
    rootDir,
    testPath: `${rootDir}/a.test.js`,
    options: { liveWorker: { workers: { ops: { command: ['node'], ready: [] } } } },
    pragmas: { 'live-worker': 'none' },
    loadModule: async () => ({}),
    hasPattern: false,
    tests: { match: [], regex: [] },
    setupFiles: [],
    earlySetupFiles: [],
    sandbox: {},
  });
  const state = stateWith(undefined);
  const broken = { name: 'test_done', test: { errors: null } } as unknown as TestEvent;
  await session.handle(broken, state);
  await session.close();
  expect(state.unhandledErrors).toEqual([expect.any(TypeError)]);
});
