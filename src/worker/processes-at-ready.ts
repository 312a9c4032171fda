import type { EvidenceProcess } from '../diagnose/evidence.ts';
import { maskProcess } from '../process/table/mask-process.ts';
import type { ProcessIdentity } from '../process/table/process-entry.ts';
import { isAlive } from '../process/table/process-identity.ts';
import { listDescendants } from '../process/tree/list-descendants.ts';
import type { Secrets } from '../secrets/secrets.ts';

/** What was below a leader when its worker was ready: a supervisor that is not known as one may outlive the program it runs. */
export interface ProcessesAtReady {
  readonly leader: ProcessIdentity;
  readonly below: readonly (ProcessIdentity & EvidenceProcess)[];
}

const mostKept = 20;

export function noteProcesses(leader: ProcessIdentity, secrets: Secrets): ProcessesAtReady {
  const [, ...below] = listDescendants(leader);
  return {
    leader,
    below: below
      .slice(0, mostKept)
      .map(entry => ({ ...maskProcess(entry, secrets), startTime: entry.startTime })),
  };
}

/** Those of them that are gone while the leader, still the same, lives on. */
export function findLost(
  noted: ProcessesAtReady | undefined,
  leader: ProcessIdentity | undefined,
): readonly EvidenceProcess[] {
  if (!noted || noted.leader.pid !== leader?.pid || !isAlive(noted.leader)) return [];
  return noted.below.filter(identity => !isAlive(identity));
}
