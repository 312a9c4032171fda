import type { Circus } from '@jest/types';
import { failureText } from '../session/failure-text.ts';
import { hideFrames } from '../session/hide-frames.ts';
import { noteForcedStops } from '../session/note-forced-stops.ts';
import { reportBeside } from '../session/report-beside.ts';
import { describeFlow, recordFlow } from '../session/tap/tell-flow.ts';
import type { TestFileSession } from '../session/test-file-session.ts';
import { addFailureContext, addHookFailureContext, addReportLine } from './add-failure-context.ts';
import { hasWork } from './has-work.ts';
import { hideOwnFrames } from './hide-own-frames.ts';
import { type DeathWatch, raceDeath } from './race-death.ts';
import { reportDeathOnce } from './report-death-once.ts';
import { testName } from './test-name.ts';

export type TestEvent = Circus.AsyncEvent | Circus.SyncEvent;
export type TestState = Pick<
  Circus.State,
  'testTimeout' | 'unhandledErrors' | 'rootDescribeBlock' | 'hasFocusedTests' | 'testNamePattern'
>;

/** What Jest tells an environment, as far as a session cares. */
export async function handleTestEvent(
  session: TestFileSession,
  event: TestEvent,
  state: TestState,
  gate: 'tests' | 'setup',
): Promise<void> {
  const { testTimeout, unhandledErrors } = state;
  switch (event.name) {
    case 'run_start':
      if (!hasWork(state.rootDescribeBlock, state)) {
        await session.untilExitsHeard();
        await endBeforeResults(session, state);
      } else await untilReady(session, gate);
      break;
    case 'test_start':
      session.beginTest(event.test, testName(event.test));
      event.test.fn = guard(event.test, session, 'fail') as Circus.TestFn;
      break;
    case 'test_skip':
    case 'test_todo':
      session.endTest(event.test, 'skipped');
      break;
    case 'test_fn_start':
      session.clock.begin(event.test.timeout ?? testTimeout);
      break;
    case 'hook_start':
      session.clock.begin(event.hook.timeout ?? testTimeout);
      session.beginHook(event.hook.type);
      event.hook.fn = guard(
        event.hook,
        session,
        event.hook.type.startsWith('after') ? 'run' : 'fail',
      ) as Circus.HookFn;
      break;
    case 'hook_failure':
      letGo(event.hook);
      session.noteFailure();
      hideOwnFrames(event.error);
      session.tests.endHook();
      session.clock.end();
      await tellHookFailure(session, event, unhandledErrors);
      break;
    case 'hook_success':
      session.tests.endHook();
      session.clock.end();
      break;
    case 'test_fn_success':
      session.clock.end();
      break;
    case 'test_fn_failure':
      letGo(event.test);
      session.clock.end();
      break;
    case 'test_done':
      await session.untilExitsHeard();
      if (session.death.error)
        reportDeathOnce(session.death, event.test.errors, event.test, { mustFail: true });
      await failByMissedPoints(session, event.test);
      hideOwnFrames(event.test.errors);
      if (event.test.errors.length > 0)
        await addFailureContext(event.test.errors, session.death, () => describeTest(session));
      await recordFlow(session, event.test, testName(event.test));
      keepFailures(event.test, { isDead: session.death.error !== undefined });
      addReportLine(event.test.errors, session.reportLine(event.test));
      session.endTest(
        event.test,
        event.test.errors.length === 0 ? 'passed' : 'failed',
        event.test.errors.map(failureText),
      );
      break;
    case 'run_finish':
      await session.untilLastExitsHeard();
      await endBeforeResults(session, state);
      break;
  }
}

/** What its workers did is known of the time since the test began alone. */
async function describeTest(session: TestFileSession): Promise<readonly string[]> {
  return [...(await session.describeFailureContext()), ...(await describeFlow(session))];
}

/** Nothing runs after a failure; it is told when all are stopped, and how. */
async function untilReady(session: TestFileSession, gate: 'tests' | 'setup'): Promise<void> {
  try {
    session.refuseEscape();
    if (gate === 'setup') return;
    await session.launch();
    await session.untilReady();
  } catch (error) {
    session.noteFailure(error);
    await session.close().catch(() => {});
    noteForcedStops(error, session.workers.values());
    throw error;
  }
}

/** Those of each test are told with the test; Jest hands the others to all tests of the block, or to the file. */
async function tellHookFailure(
  session: TestFileSession,
  { hook, error }: Circus.AsyncEvent & { readonly name: 'hook_failure' },
  unhandledErrors: TestState['unhandledErrors'],
): Promise<void> {
  const describe = () => session.describeFailureContext();
  if (hook.type === 'beforeAll') await addHookFailureContext(hook, error, session.death, describe);
  if (hook.type === 'beforeAll') session.records.fail([failureText([error, hook.asyncError])], hook.type);
  if (hook.type !== 'afterAll') return;
  reportDeathOnce(session.death, unhandledErrors, hook);
  const [last] = unhandledErrors.splice(-1);
  const errors = [last];
  await addFailureContext(errors, session.death, describe);
  addReportLine(errors, session.reportLine());
  session.records.fail(errors.map(failureText), hook.type);
  unhandledErrors.push(...(errors as typeof unhandledErrors));
}

/** What is thrown now, or later in `teardown`, takes the place of the results of all tests; what stands here comes beside them. */
async function endBeforeResults(session: TestFileSession, state: TestState): Promise<void> {
  const problems = await session.end({ isHeard: true });
  // The rejections of what no test waited for, which Jest listens for until its next event.
  await new Promise(setImmediate);
  state.unhandledErrors.push(...(problems as typeof state.unhandledErrors));
  // Jest's reporters show nothing of a file that only skips.
  if (!hasWork(state.rootDescribeBlock, state)) reportBeside(session.testName, problems);
}

/** What a test armed and did not wait for; one that failed may not have come so far. */
async function failByMissedPoints(
  session: TestFileSession,
  test: { readonly errors: TestErrors },
): Promise<void> {
  const { errors } = test;
  const missed = await session.points.endTest(test);
  await session.faults.endTest();
  if (errors.length === 0) errors.push(...(missed.map(hideFrames) as TestErrors));
}

const failures = new WeakMap<object, TestErrors>();
type TestErrors = Circus.TestEntry['errors'];

/** Of a test that is tried again Jest shows the last attempt, which a dead worker forbids: what failed before stands beside it. */
function keepFailures(test: { readonly errors: TestErrors }, { isDead }: { readonly isDead: boolean }): void {
  if (!isDead) failures.set(test, [...test.errors]);
  else test.errors.push(...(failures.get(test) ?? []));
}

const guarded = new WeakSet<object>();
const watches = new WeakMap<object, { stop(): void }>();

/** A hook runs once for every test and must not be wrapped once for each. */
function guard(
  owner: { readonly fn?: unknown },
  session: TestFileSession,
  afterwards: DeathWatch['afterwards'],
): unknown {
  const { fn } = owner;
  if (typeof fn !== 'function' || guarded.has(fn)) return fn;
  const watch = (watcher: (error: Error) => void) => {
    const watching = session.death.watch(watcher);
    watches.set(owner, watching);
    return watching;
  };
  const raced = raceDeath(fn as Parameters<typeof raceDeath>[0], {
    watch,
    error: () => session.death.error,
    afterwards,
  });
  guarded.add(raced);
  return raced;
}

/** Jest does not wait any more for a function that timed out, and takes what comes of it late for an error of its own. */
function letGo(owner: object): void {
  watches.get(owner)?.stop();
}
