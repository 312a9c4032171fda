import type { ProcessIdentity } from '../../process/table/process-entry.ts';
import type { WatchedLaunch } from '../../records/watched-launch.ts';
import { startWatchdog } from '../../watchdog/start-watchdog.ts';
import { followParent, leaveParent } from './follow-parent.ts';

/** What a runner says of its launches, so that they end even when Jest has no time to end them. */
export interface LaunchWatch {
  watch(launch: Omit<WatchedLaunch, 'recordPath' | 'askedHeirs'>): void;
  /** A process the leader left behind is about to get the polite signal, and must not get it again. */
  noteHeir(id: string, heir: ProcessIdentity): void;
  forget(id: string): void;
}

const watched = new Map<string, WatchedLaunch>();

export function openLaunchWatch(recordPath: string): LaunchWatch {
  return {
    watch(launch) {
      tell({ ...launch, recordPath, askedHeirs: watched.get(launch.id)?.askedHeirs ?? [] });
      followParent(launch.id);
    },
    noteHeir(id, heir) {
      const launch = watched.get(id);
      if (launch) tell({ ...launch, askedHeirs: [...launch.askedHeirs, heir] });
    },
    forget(id) {
      startWatchdog().forget(id);
      watched.delete(id);
      leaveParent(id);
    },
  };
}

/** Resolves when the watchdog is up: what ends Jest and all processes beside it, as a container that stops does, leaves it to end the workers. */
export function untilGuarded(): Promise<void> {
  return startWatchdog().untilUp();
}

function tell(launch: WatchedLaunch): void {
  watched.set(launch.id, launch);
  startWatchdog().watch(launch);
}
