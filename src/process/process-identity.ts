import { type ProcessReader, processReader } from './process-reader.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks since boot from /proc/PID/stat, seconds since 1970 from ps(1), undefined where there is neither. */
  readonly startTime: number | undefined;
}

/** One line of the process table, see proc_pid_stat(5) and ps(1). */
export interface ProcessEntry {
  readonly pid: number;
  readonly startTime: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** R, S, D, T, Z and so on. */
  readonly state: string;
}

export function identifyProcess(pid: number): ProcessIdentity {
  return { pid, startTime: readProcessEntry(pid)?.startTime };
}

/** True while that very process exists and is no zombie. */
export function isAlive(identity: ProcessIdentity): boolean {
  return isSeenAlive(identity, processReader());
}

/** The same, by what that reader sees. */
export function isSeenAlive(identity: ProcessIdentity, reader: ProcessReader): boolean {
  if (identity.startTime === undefined) return answersSignal(identity.pid);
  const entry = reader.entry(identity.pid);
  return entry?.startTime === identity.startTime && entry.state !== 'Z' && entry.state !== 'X';
}

/** Undefined when the process is gone, or where neither /proc nor ps(1) can be read. */
export function readProcessEntry(pid: number): ProcessEntry | undefined {
  return processReader().entry(pid);
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
