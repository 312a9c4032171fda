import type { ProcessIdentity } from '../table/process-entry.ts';
import { isSeenAlive } from '../table/process-identity.ts';
import type { ProcessReader } from '../table/process-reader.ts';
import { selectProcessReader } from '../table/select-process-reader.ts';

/** What became of a signal: `gone` when that very process is no more, `refused` when it belongs to another user. */
export type SignalOutcome = 'sent' | 'gone' | 'refused';

/** Sends a signal to that very process, never to a later one with the same number. */
export function signalProcess(
  identity: ProcessIdentity,
  signal: NodeJS.Signals,
  reader: ProcessReader = selectProcessReader(),
): SignalOutcome {
  if (!isSeenAlive(identity, reader)) return 'gone';
  return sendSignal(identity.pid, signal);
}

/** Sends a signal to a process group; the caller has just seen a member of it alive. */
export function signalGroup(group: number, signal: NodeJS.Signals): SignalOutcome {
  return sendSignal(-group, signal);
}

function sendSignal(target: number, signal: NodeJS.Signals): SignalOutcome {
  try {
    process.kill(target, signal);
    return 'sent';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ESRCH') return 'gone';
    if (code === 'EPERM') return 'refused';
    throw error;
  }
}
