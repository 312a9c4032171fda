import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { isLiveWorkerError, LiveWorkerError } from '../errors.ts';

const codes = new Map([
  ['ENOSPC', 'no space is left on its disk'],
  ['EDQUOT', 'the quota of this user is used up'],
  ['EROFS', 'its file system is read-only'],
  ['EACCES', 'this user may not write there'],
  ['EPERM', 'this user may not write there'],
  ['EMFILE', 'this process has too many open files'],
  ['ENFILE', 'the machine has too many open files'],
  ['ENOTDIR', 'a part of the path is no directory'],
]);

/**
 * Runs what makes folders, logs and records under `path`.
 *
 * @throws RECORDS_UNWRITABLE where the system refuses.
 */
export function writeRecords<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined || isLiveWorkerError(error)) throw error;
    throw new LiveWorkerError(
      'RECORDS_UNWRITABLE',
      `Cannot write "${path}": ${codes.get(code) ?? 'the system refuses'} (${code})\n${advise(code, path)}`,
      { details: { path, systemCode: code }, cause: error },
    );
  }
}

function advise(code: string, path: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return `Free space on the disk of ${dirname(path)}${describeRoom(dirname(path))}; old runs in .live-worker can go`;
  }
  if (code === 'EMFILE' || code === 'ENFILE') return 'Raise the limit: ulimit -n';
  return "Logs and records are kept in .live-worker in Jest's rootDir, which must be writable";
}

function describeRoom(folder: string): string {
  try {
    const { bavail, bsize, ffree } = statfsSync(folder);
    return `, which has ${bavail * bsize} bytes and ${ffree} files left`;
  } catch {
    return '';
  }
}
