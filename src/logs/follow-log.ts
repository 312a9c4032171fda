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
  /** No more than one of these keeps the event loop from others; default: eight of 1 MiB. */
  readonly chunkBytes?: number;
}

export interface LogFollower {
  /** Hands over what is there now, and goes on. */
  handOver(): void;
  /** Hands over what is there now, then lets go of the file. */
  close(): void;
  /** Lets go of the file at once. */
  abandon(): void;
}

/**
 * Reads behind the writer and hands text over as it comes. A worker that truncates its own log (`echo > /dev/stderr` does)
 * is followed from the new beginning. A follower that falls more than 16 MiB behind is given the newest of it.
 */
export function followLog(file: LogFile, mark: LogMark, listener: LogListener): LogFollower {
  const cursor = new LogCursor(file, mark, listener.chunkBytes);
  let isClosed = false;

  function drain(): void {
    if (isClosed || listener.isBusy?.()) return;
    if (handOver(listener.chunkBytes === undefined ? chunksAtOnce : 1)) setImmediate(drain).unref();
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
  function abandon(): void {
    isClosed = true;
    watcher.close();
  }

  return {
    abandon,
    handOver: () => void (isClosed || handOver(Number.POSITIVE_INFINITY)),
    close() {
      if (isClosed) return;
      abandon();
      handOver(Number.POSITIVE_INFINITY);
    },
  };
}
