import { findHeldSockets } from '../table/find-socket-holders.ts';
import type { ProcessIdentity } from '../table/process-entry.ts';

export function listeningPortsOf({ pid }: ProcessIdentity): readonly number[] {
  return findHeldSockets([pid])?.listeningPorts ?? [];
}

/** A port that a process has opened since it had only those of `before`. */
export function findOpenedPort(identity: ProcessIdentity, before: readonly number[]): number | undefined {
  return listeningPortsOf(identity).find(port => !before.includes(port));
}
