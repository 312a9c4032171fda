import { setTimeout as sleep } from 'node:timers/promises';
import type { LogFile, LogMark } from '../../logs/log-file.ts';
import { readLogFrom } from '../../logs/read-log.ts';

const pollMs = 10;
/** A runtime writes its stacks in one go. */
const quietMs = 80;
const mostBytes = 512 * 1024;

export interface QuietOptions {
  /** How long the first word, and then the last, may take together; milliseconds. */
  readonly limitMs: number;
  /** The process that writes is gone: what is there is all. */
  isOver(): boolean;
}

/** What is written to a log from a mark on, until nothing more comes; empty when nothing does. */
export async function untilLogQuiet(file: LogFile, mark: LogMark, options: QuietOptions): Promise<string> {
  const deadline = performance.now() + options.limitMs;
  let size = mark.offset;
  let grownAt = Number.POSITIVE_INFINITY;
  while (performance.now() < deadline && !(performance.now() - grownAt >= quietMs)) {
    const isOver = options.isOver();
    if (file.size() !== size) {
      size = file.size();
      grownAt = performance.now();
    } else if (isOver) break;
    await sleep(pollMs);
  }
  return readLogFrom(file, mark, mostBytes).text;
}
