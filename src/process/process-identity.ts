import { readFileSync } from 'node:fs';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Ticks since boot from /proc/PID/stat; undefined where there is no /proc. */
  readonly startTime: number | undefined;
}

/** One line of the process table, see proc_pid_stat(5). */
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
  if (identity.startTime === undefined) return answersSignal(identity.pid);
  const entry = readProcessEntry(identity.pid);
  return entry?.startTime === identity.startTime && entry.state !== 'Z' && entry.state !== 'X';
}

/** Undefined when the process is gone, or where there is no /proc. */
export function readProcessEntry(pid: number): ProcessEntry | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

/** The command name stands in parentheses and may hold spaces and parentheses itself, so the fields start after the last one. */
function parseStat(pid: number, stat: string): ProcessEntry {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: Number(fields[19]),
  };
}

function answersSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
