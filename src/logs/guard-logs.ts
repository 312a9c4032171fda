import { describeMove, describeTruncation } from './describe-log-fault.ts';
import type { LogFile, LogMark } from './log-file.ts';
import type { LogFiles } from './open-log-files.ts';

const intervalMs = 250;

export interface LogGuard {
  readonly limitBytes: number;
  /** Both logs together have grown beyond the limit since the guard began; said once. */
  onFlood(bytes: number): void;
  /** A log was truncated, deleted or renamed; said once each time. */
  onFault(what: string): void;
}

/** Looks after the logs of a worker while it runs, by a few cheap system calls four times a second, and once at its end. */
export function guardLogs(logs: LogFiles, guard: LogGuard): { close(): void } {
  const watched = [logs.stdout, logs.stderr].map(file => new WatchedLog(file, guard));
  let isTold = false;
  const timer = setInterval(() => {
    const grown = watched.reduce((sum, log) => sum + log.measure(), 0);
    if (isTold || grown <= guard.limitBytes) return;
    isTold = true;
    guard.onFlood(grown);
  }, intervalMs);
  timer.unref();
  return {
    close: () => {
      clearInterval(timer);
      for (const log of watched) log.measure();
    },
  };
}

class WatchedLog {
  readonly #file: LogFile;
  readonly #guard: LogGuard;
  #begin: number;
  #mark: LogMark;
  #wasMoved = false;

  constructor(file: LogFile, guard: LogGuard) {
    this.#file = file;
    this.#guard = guard;
    this.#mark = file.mark();
    this.#begin = this.#mark.offset;
  }

  /** By how many bytes the file has grown; what was truncated takes no room any more. */
  measure(): number {
    const truncation = this.#file.truncatedSince(this.#mark);
    if (truncation) {
      this.#begin = 0;
      this.#guard.onFault(describeTruncation(this.#file, truncation));
    }
    const moved = this.#file.moved();
    if (moved && !this.#wasMoved) this.#guard.onFault(describeMove(this.#file, moved));
    this.#wasMoved = moved !== undefined;
    this.#mark = this.#file.mark();
    return this.#mark.offset - this.#begin;
  }
}
