import { type FoundWatcher, findWatcher } from '../launch/watchers/find-watcher.ts';
import { listDescendants } from '../process/list-descendants.ts';
import type { ProcessEntry, ProcessIdentity } from '../process/process-identity.ts';
import { readCommandLine } from '../process/process-table.ts';

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
