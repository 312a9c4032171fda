import { startWatchdog } from '../watchdog/start-watchdog.ts';
import type { WatchedLaunch } from '../watchdog/watched-launch.ts';
import { isJestChild } from './run-identity.ts';

/** What a runner says of its launches, so that they end even when Jest has no time to end them. */
export interface LaunchWatch {
  watch(launch: Omit<WatchedLaunch, 'recordPath'>): void;
  forget(id: string): void;
}

const watched = new Set<string>();

export function openLaunchWatch(recordPath: string): LaunchWatch {
  return {
    watch(launch) {
      startWatchdog().watch({ ...launch, recordPath });
      watched.add(launch.id);
      followParent();
    },
    forget(id) {
      startWatchdog().forget(id);
      watched.delete(id);
      followParent();
    },
  };
}

/**
 * A process jest-worker forked would run its test file to the end after its parent was killed. A listener keeps such a
 * process from ending by itself, so there is one only while there are workers.
 */
function followParent(): void {
  process.off('disconnect', endAtOnce);
  if (watched.size > 0 && isJestChild()) process.on('disconnect', endAtOnce);
}

function endAtOnce(): void {
  process.kill(process.pid, 'SIGKILL');
}
