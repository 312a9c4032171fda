import type { ProcessIdentity } from '../table/process-entry.ts';
import { type SignalOutcome, signalProcess } from './signal-process.ts';

/** Sends the polite signal to a process and sees to it that it can take it. */
export function askToEnd(identity: ProcessIdentity, signal: NodeJS.Signals): SignalOutcome {
  const outcome = signalProcess(identity, signal);
  if (outcome === 'sent') wake(identity);
  return outcome;
}

/**
 * A stopped process keeps a signal in its queue. One whose stop is still on its way looks as if it ran and stops afterwards,
 * so every process is woken: SIGCONT takes back what was not obeyed yet, and means nothing to those that run.
 */
export function wake(identity: ProcessIdentity): void {
  if (process.platform !== 'win32') signalProcess(identity, 'SIGCONT');
}
