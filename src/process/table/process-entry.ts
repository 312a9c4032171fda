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
