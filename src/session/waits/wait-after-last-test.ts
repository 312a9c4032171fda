import type { DeathNotice } from '../death-notice.ts';
import type { RunningTests } from '../running-tests.ts';

/** How long a worker has, once the last test or hook is over, to die of what that one sent it; milliseconds. */
const momentMs = 25;
/** A timer of Node may fire this much early. */
const timerErrorMs = 1;

/** Resolves when a worker that is asked to end now cannot have been about to die of the last test, or has died of it. */
export async function waitAfterLastTest(
  tests: Pick<RunningTests, 'idleMs'>,
  death: Pick<DeathNotice, 'error' | 'watch'>,
): Promise<void> {
  const restMs = momentMs - tests.idleMs;
  if (restMs <= 0 || death.error) return;
  await new Promise<void>(resolve => {
    const timer = setTimeout(over, Math.ceil(restMs) + timerErrorMs);
    const watch = death.watch(over);
    function over(): void {
      clearTimeout(timer);
      watch.stop();
      resolve();
    }
  });
}
