import type { RunIdentity } from '../../records/run-identity.ts';

/** Which supervisor is meant: that of a run, in the folder of a user. */
export interface SupervisorPlace {
  /** Of the sockets. */
  readonly folder: string;
  readonly run: RunIdentity;
}
