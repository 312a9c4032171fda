import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { LogFile, type LogStreamName } from './log-file.ts';

export type LogFiles = Readonly<Record<LogStreamName, LogFile>>;

/**
 * Creates both files before there is a process to write to them. O_APPEND keeps the writes of several processes whole;
 * mode 0600 because workers log secrets.
 */
export function openLogFiles(folder: string, worker: string): LogFiles {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const realFolder = realpathSync(folder);
  const stdout = new LogFile('stdout', join(realFolder, `${worker}.stdout.log`));
  try {
    return { stdout, stderr: new LogFile('stderr', join(realFolder, `${worker}.stderr.log`)) };
  } catch (error) {
    stdout.close();
    throw error;
  }
}

export function closeLogFiles(logs: LogFiles): void {
  logs.stdout.close();
  logs.stderr.close();
}
