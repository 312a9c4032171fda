import { join } from 'node:path';
import { endLeftovers } from '../../records/end-leftovers.ts';
import { findLeftovers } from '../../records/find-leftovers.ts';
import { type RunIdentity, runName } from '../../records/run-identity.ts';

/** Ends what an earlier supervisor of this run left behind, which died together with its watchdog. */
export async function endLeftoversOf(rootDir: string, run: RunIdentity): Promise<void> {
  const folder = join(rootDir, '.live-worker', runName(run));
  await endLeftovers(findLeftovers([folder]), 'a supervisor that was killed');
}
