import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogFile, LogTruncation } from './log-file.ts';

/** A truncation as people read it: `stderr was truncated at 12:03:04`. */
export function describeTruncation({ stream }: Pick<LogFile, 'stream'>, truncation: LogTruncation): string {
  const time = truncation.noticedAt.toTimeString().slice(0, 8);
  return `${stream} was truncated at ${time}: at least ${truncation.bytes} bytes are lost`;
}

/** What became of a log's name. Nothing of its content is lost as long as it is open. */
export function describeMove(
  { stream, path }: Pick<LogFile, 'stream' | 'path'>,
  how: 'deleted' | 'renamed',
): string {
  return `${stream}: ${path} was ${how}; what the worker writes goes on to the file that was there`;
}

/** What keeps the worker from writing, if anything does. */
export function describeFullDisk(path: string): string | undefined {
  const folder = dirname(path);
  try {
    const { bavail } = statfsSync(folder);
    return bavail > 0 ? undefined : `the disk of ${folder} is full: what was written last is missing`;
  } catch {
    // A folder that is gone, a system without the call.
    return undefined;
  }
}
