import { closeSync, fstatSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join } from 'node:path';

/** One log file, open for appending and reading for as long as the session lives. */
export interface LogFile {
  /** Absolute and without links, as /proc shows it of the worker's descriptors. */
  readonly path: string;
  readonly descriptor: number;
}

export interface LogFiles {
  readonly stdout: LogFile;
  readonly stderr: LogFile;
}

/**
 * Creates both files before there is a process to write to them. O_APPEND keeps the writes of several processes whole;
 * mode 0600 because workers log secrets.
 */
export function openLogFiles(folder: string, worker: string): LogFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const realFolder = realpathSync(folder);
  const stdout = openLogFile(join(realFolder, `${worker}.stdout.log`));
  try {
    return { stdout, stderr: openLogFile(join(realFolder, `${worker}.stderr.log`)) };
  } catch (error) {
    closeSync(stdout.descriptor);
    throw error;
  }
}

/** The size of what was written so far, in bytes. */
export function logSize(file: LogFile): number {
  return fstatSync(file.descriptor).size;
}

export function closeLogFiles(logs: LogFiles): void {
  closeSync(logs.stdout.descriptor);
  closeSync(logs.stderr.descriptor);
}

function openLogFile(path: string): LogFile {
  return { path, descriptor: openSync(path, 'a+', 0o600) };
}
