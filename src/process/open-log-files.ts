import { closeSync, fstatSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** One log file, open for appending for as long as the session lives. */
export interface LogFile {
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
  const stdout = openLogFile(join(folder, `${worker}.stdout.log`));
  try {
    return { stdout, stderr: openLogFile(join(folder, `${worker}.stderr.log`)) };
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
  return { path, descriptor: openSync(path, 'a', 0o600) };
}
