import { randomBytes } from 'node:crypto';
import { chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { ServerPlan, ServerUser } from '../server-plan.ts';

const prefix = 'live-worker-server-';

/** A folder of that name does not exist yet. Another user may not get into a TMPDIR of ours. */
export function newServerFolder(user?: ServerUser): string {
  return join(user ? '/tmp' : tmpdir(), `${prefix}${randomBytes(6).toString('hex')}`);
}

export function isServerFolder(path: string): boolean {
  return new RegExp(`^${prefix}[0-9a-f]{12}$`).test(basename(path));
}

/** Fails where anything is there already: nobody else can have put anything into it. */
export function makeServerFolder({
  folder,
  files,
  user,
}: Pick<ServerPlan, 'folder' | 'files' | 'user'>): void {
  mkdirSync(folder, { mode: 0o700 });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600, flag: 'wx' });
    if (user) chownSync(path, user.uid, user.gid);
  }
  if (user) chownSync(folder, user.uid, user.gid);
}

export function removeServerFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
