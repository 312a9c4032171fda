import { readSync } from 'node:fs';
import { type LogFile, logSize } from './open-log-files.ts';

const largestSlice = 16 * 1024 * 1024;

/**
 * The text from byte `offset` to the end. A file that shrank below the offset was truncated by the worker and is read from
 * its beginning. Of more than 16 MiB only the end is read.
 */
export function readLogFrom(file: LogFile, offset: number): string {
  const size = logSize(file);
  const start = Math.max(offset <= size ? offset : 0, size - largestSlice);
  return readLogSlice(file, start, size).toString('utf8');
}

/** The bytes from `start` to `end`, or fewer when the file ends before. Whoever deletes or renames a log hinders nobody. */
export function readLogSlice({ descriptor }: LogFile, start: number, end: number): Buffer {
  if (end <= start) return Buffer.alloc(0);
  const buffer = Buffer.allocUnsafe(end - start);
  return buffer.subarray(0, fill(descriptor, buffer, start));
}

function fill(descriptor: number, buffer: Buffer, start: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(descriptor, buffer, filled, buffer.length - filled, start + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
