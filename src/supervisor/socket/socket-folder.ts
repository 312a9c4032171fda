import { lstatSync, mkdirSync, type Stats } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { LiveWorkerError } from '../../errors.ts';

/** A path of a socket has 108 bytes on Linux and 104 on macOS, the last of them a zero. */
const mostPathBytes = 100;
/** As names of socket-names.ts can be: start times of 10 digits, pids of 7, a place of 6, a number of 2, and what stands between. */
const longestName = 48;
const openToOthers = 0o077;

/**
 * Where the sockets of this user are: in XDG_RUNTIME_DIR where there is one, else in the temporary folder. All processes
 * of a run inherit the same variables. It is made when it is missing.
 *
 * @throws SUPERVISOR_UNSAFE when it is a link, another user's or open to others.
 */
export function openSocketFolder(env: NodeJS.ProcessEnv = process.env, temporary = tmpdir()): string {
  const path = chooseFolder(env, temporary);
  const refuse = (why: string, change: string) => refusal(path, why, change);
  makeFolder(path, refuse);
  const found = lstatSync(path);
  if (found.isSymbolicLink()) throw refuse('it is a link', 'Delete it');
  if (!found.isDirectory()) throw refuse('it is no folder', 'Delete it');
  const user = process.getuid?.();
  if (user !== undefined && found.uid !== user)
    throw refuse(`it belongs to user ${found.uid}, and this is user ${user}`, 'Delete it');
  if ((found.mode & openToOthers) !== 0)
    throw refuse(`others may enter it (mode ${(found.mode & 0o777).toString(8)})`, `chmod 700 it`);
  return path;
}

function chooseFolder({ XDG_RUNTIME_DIR: runtime }: NodeJS.ProcessEnv, temporary: string): string {
  const own = `lw-${process.getuid?.() ?? 0}`;
  const candidates = [
    ...(runtime !== undefined && isUsable(runtime) ? [join(runtime, 'live-worker')] : []),
    join(resolve(temporary), own),
  ];
  return candidates.find(isShort) ?? join('/tmp', own);
}

/** As the XDG Base Directory Specification wants it: this user's alone. */
function isUsable(runtime: string): boolean {
  if (!isAbsolute(runtime)) return false;
  const found = statOf(runtime);
  return found?.isDirectory() === true && isOwn(found) && (found.mode & openToOthers) === 0;
}

function isOwn({ uid }: Stats): boolean {
  const user = process.getuid?.();
  return user === undefined || uid === user;
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}

function isShort(folder: string): boolean {
  return Buffer.byteLength(folder) + 1 + longestName <= mostPathBytes;
}

function makeFolder(path: string, refuse: (why: string, change: string) => LiveWorkerError): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') throw refuse(`it cannot be made: ${code}`, 'Set TMPDIR to a folder that is there');
  }
}

function refusal(path: string, why: string, change: string): LiveWorkerError {
  return new LiveWorkerError(
    'SUPERVISOR_UNSAFE',
    `Cannot keep the supervisor's socket in "${path}": ${why}\n${change}, or set XDG_RUNTIME_DIR to a folder of yours alone`,
    { details: { path, why } },
  );
}
