import { type FoundWatcher, findWatcher } from '../launch/watchers/find-watcher.ts';
import type { ProcessEntry, ProcessIdentity } from '../process/table/process-entry.ts';
import { readCommandLine } from '../process/table/process-table.ts';
import { listDescendants } from '../process/tree/list-descendants.ts';

/** A watcher among the processes of a worker, told by its command line. */
export function findLivingWatcher(
  leader: ProcessIdentity,
): { readonly entry: ProcessEntry; readonly found: FoundWatcher } | undefined {
  for (const entry of listDescendants(leader)) {
    const found = findWatcher(readCommandLine(entry.pid).split(' '));
    if (found) return { entry, found };
  }
  return undefined;
}
