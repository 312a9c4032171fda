import type { ProcessEntry, ProcessIdentity } from './process-entry.ts';
import type { ProcessReader } from './process-reader.ts';
import { selectProcessReader } from './select-process-reader.ts';

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTime: readProcessEntry(pid)?.startTime };
}

/** True while that very process exists and is no zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  return isSeenAlive(identity, selectProcessReader());
}

/** The same, by what that reader sees. */
export function isSeenAlive(identity: ProcessIdentity, reader: ProcessReader): boolean {
  if (identity.startTime === undefined) return answersSignal(identity.pid);
  const entry = reader.entry(identity.pid);
  return entry?.startTime === identity.startTime && entry.state !== 'Z' && entry.state !== 'X';
}

/** Undefined when the process is gone, or where neither /proc nor ps(1) can be read. */
export function readProcessEntry(pid: number): ProcessEntry | undefined {
  return selectProcessReader().entry(pid);
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
