import { findHeldSockets } from '../find-socket-holders.ts';
import type { ProcessIdentity } from '../process-identity.ts';

export function listeningPortsOf({ pid }: ProcessIdentity): readonly number[] {
  return findHeldSockets([pid])?.listeningPorts ?? [];
}

/** A port that a process has opened since it had only those of `before`. */
export function findOpenedPort(identity: ProcessIdentity, before: readonly number[]): number | undefined {
  return listeningPortsOf(identity).find(port => !before.includes(port));
}
