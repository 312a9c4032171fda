import { type LogChunk, LogCursor } from './log-cursor.ts';
import type { LogFile, LogMark } from './log-file.ts';
import { watchLog } from './watch-log.ts';

const chunksAtOnce = 8;
const mostBehind = 16 * 1024 * 1024;

export interface LogListener {
  onChunk(chunk: LogChunk): void;
  /** Reading cannot keep up: so many bytes were left out. */
  onSkipped(bytes: number): void;
  /** True while nothing more can be taken. */
  isBusy?(): boolean;
}

export interface LogFollower {
  /** Hands over what is there now, then lets go of the file. */
  close(): void;
}

/**
 * Reads behind the writer and hands text over as it comes. A worker that truncates its own log (`echo > /dev/stderr` does)
 * is followed from the new beginning. A follower that falls more than 16 MiB behind is given the newest of it.
 */
export function followLog(file: LogFile, mark: LogMark, listener: LogListener): LogFollower {
  const cursor = new LogCursor(file, mark);
  let isClosed = false;

  function drain(): void {
    if (isClosed || listener.isBusy?.()) return;
    if (handOver(chunksAtOnce)) setImmediate(drain).unref();
  }

  /** True when there is more. */
  function handOver(chunks: number): boolean {
    for (let count = 0; count < chunks; count += 1) {
      const skipped = cursor.skipTo(mostBehind);
      if (skipped > 0) listener.onSkipped(skipped);
      const chunk = cursor.next();
      if (chunk === undefined) return false;
      listener.onChunk(chunk);
    }
    return true;
  }

  const watcher = watchLog(file, drain);
  return {
    close() {
      if (isClosed) return;
      isClosed = true;
      watcher.close();
      handOver(Number.POSITIVE_INFINITY);
    },
  };
}
