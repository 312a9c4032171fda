import { readFileSync } from 'node:fs';

/** What of a command line is gone as soon as the worker itself runs, see markedCommand. */
const beforeWorker = /^live-worker-\d+\0--locks=\d+:\0--\0/;

/** The words as Linux has them, each with a NUL behind it; empty for a zombie or when it may not be read. */
export function readRawCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** The same, of the worker already where a process is about to become it. */
export function readWorkerCommandLine(pid: number): string {
  return readRawCommandLine(pid).replace(beforeWorker, '');
}
