import type { Circus } from '@jest/types';
import { type DeathWatch, raceDeath } from './race-death.ts';
import type { TestFileSession } from './test-file-session.ts';

export type TestEvent = Circus.AsyncEvent | Circus.SyncEvent;
export type TestState = Pick<Circus.State, 'testTimeout'>;

/** What Jest tells an environment, as far as a session cares. */
export async function handleTestEvent(
  session: TestFileSession,
  event: TestEvent,
  { testTimeout }: TestState,
  gate: 'tests' | 'setup',
): Promise<void> {
  switch (event.name) {
    case 'run_start':
      if (gate === 'tests') await session.untilReady();
      break;
    case 'test_start':
      session.beginTest(fullName(event.test));
      event.test.fn = guard(event.test.fn, session, 'fail') as Circus.TestFn;
      break;
    case 'test_fn_start':
      session.clock.begin(event.test.timeout ?? testTimeout);
      break;
    case 'hook_start':
      session.clock.begin(event.hook.timeout ?? testTimeout);
      event.hook.fn = guard(
        event.hook.fn,
        session,
        event.hook.type.startsWith('after') ? 'run' : 'fail',
      ) as Circus.HookFn;
      break;
    case 'hook_failure':
      session.noteErrors([event.error]);
      session.clock.end();
      break;
    case 'hook_success':
    case 'test_fn_success':
    case 'test_fn_failure':
      session.clock.end();
      break;
    case 'test_done':
      session.noteErrors(event.test.errors.flat());
      session.endTest(event.test.errors.length === 0 ? 'passed' : 'failed');
      break;
    case 'run_finish':
      throwUntoldDeath(session);
      break;
  }
}

function throwUntoldDeath(session: TestFileSession): void {
  const error = session.untoldDeath;
  if (!error) return;
  session.noteErrors([error]);
  throw error;
}

const guarded = new WeakSet<object>();

/** A hook runs once for every test and must not be wrapped once for each. */
function guard(fn: unknown, session: TestFileSession, afterwards: DeathWatch['afterwards']): unknown {
  if (typeof fn !== 'function' || guarded.has(fn)) return fn;
  const watch: DeathWatch = { promise: session.death.promise, error: () => session.deathError, afterwards };
  const raced = raceDeath(fn as Parameters<typeof raceDeath>[0], watch);
  guarded.add(raced);
  return raced;
}

/** As Jest prints it: the names of the describe blocks and of the test. */
function fullName(test: Circus.TestEntry): string {
  const names = [test.name];
  for (let block = test.parent; block.parent; block = block.parent) names.unshift(block.name);
  return names.join(' ');
}
