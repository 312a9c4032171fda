import { lstatSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { LiveWorkerError } from '../errors.ts';

const writableByAll = 0o002;
const sticky = 0o1000;

/**
 * A folder that is there already may be another user's trap. The owner of the folder around it is trusted: their code is run.
 *
 * @throws RECORDS_NOT_OURS
 */
export function checkOwnFolder(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) {
    throw refusal(path, `it is a link to ${readlinkSync(path)}`, 'Delete the link');
  }
  const user = process.getuid?.();
  if (!found.isDirectory() || user === undefined) return;
  const around = statSync(dirname(path));
  if (found.uid !== user && found.uid !== around.uid) {
    throw refusal(path, `it belongs to user ${found.uid}, and this is user ${user}`, 'Delete it');
  }
  if (isOpen(found) && !isOpen(around)) {
    const mode = (found.mode & 0o7777).toString(8);
    throw refusal(path, `every user may write in it (mode ${mode})`, 'Delete it, or chmod 700 it');
  }
}

/** In a sticky folder no user can replace another one's files. */
function isOpen({ mode }: Stats): boolean {
  return (mode & writableByAll) !== 0 && (mode & sticky) === 0;
}

function refusal(path: string, why: string, change: string): LiveWorkerError {
  return new LiveWorkerError(
    'RECORDS_NOT_OURS',
    `Cannot keep logs and records in "${path}": ${why}\n${change}; what is in it may be another user's`,
    { details: { path, why } },
  );
}
