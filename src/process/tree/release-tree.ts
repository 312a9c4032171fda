import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessIdentity } from '../table/process-entry.ts';
import { askToEnd } from './ask-to-end.ts';
import { findWorkerTree, topmost, type WorkerMark } from './worker-tree.ts';

const pauseBetweenScansMs = 10;
/** Once nothing was found, there is only a process between fork and exec that may have been missed. */
const pauseAfterNothingMs = 3;
const emptyScansWanted = 3;

export interface ReleaseOptions {
  readonly signal: NodeJS.Signals;
  /** True when the grace is over, or the tree is ended by another call. */
  readonly isOver: () => boolean;
  /** The processes that had the signal before. */
  readonly asked?: readonly ProcessIdentity[];
  /** Called before the signal is sent. */
  readonly onHeir: (heir: ProcessIdentity) => void;
}

/**
 * Waits until what a leader left behind is gone. A wrapper (`npm run`, `sh -c`) takes the polite signal for itself, so each
 * process that now has no parent among them gets it once. `unknown` where there is no /proc to look into.
 */
export async function releaseTree(
  mark: WorkerMark,
  options: ReleaseOptions,
): Promise<'gone' | 'over' | 'unknown'> {
  const signalled = new Set((options.asked ?? []).map(nameOf));
  for (
    let emptyScans = 0;
    !options.isOver();
    await sleep(emptyScans > 0 ? pauseAfterNothingMs : pauseBetweenScansMs)
  ) {
    const members = findWorkerTree(mark);
    if (!members) return 'unknown';
    emptyScans = members.length === 0 ? emptyScans + 1 : 0;
    if (emptyScans === emptyScansWanted) return 'gone';
    for (const heir of topmost(members).filter(member => !signalled.has(nameOf(member)))) {
      signalled.add(nameOf(heir));
      options.onHeir({ pid: heir.pid, startTime: heir.startTime });
      askToEnd(heir, options.signal);
    }
  }
  return 'over';
}

function nameOf({ pid, startTime }: ProcessIdentity): string {
  return `${pid} ${startTime}`;
}
